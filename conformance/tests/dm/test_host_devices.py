"""Devices that the host has, or has not, and acrn-dm hands on; one fact a test."""

import pytest
from acrn_dm_verdicts import PLAIN, accepting, device, fault, releases, takes

from acrn_dm import (
    RECORDING,
    RELEASES,
    Bdf,
    Entry,
    Feature,
    Input,
    Kind,
    Malformed,
    Passthrough,
    Plain,
    SharedMemory,
    Stage,
    Vsock,
)
from acrn_dm.dated import NEVER


@pytest.mark.parametrize(
    "emulation",
    [
        *("amd_hostbridge", "dummy", "hostbridge,x", "virtio-hyper_dmabuf", "virtio-rnd"),
        "virtio-rnd,kernel=on",
    ],
)
def test_emulations_that_take_anything(emulation: str) -> None:
    """And need nothing of the host."""
    name, _, config = emulation.partition(",")
    assert takes(emulation) == list(RELEASES)
    assert device(emulation) == Plain(config or None)
    assert takes(name) == list(RELEASES)


@pytest.mark.parametrize(
    ("emulation", "first"),
    [
        ("virtio-audio", "v1.0"),
        ("virtio-heci", "v1.0"),
        ("virtio-ipu", "v1.0"),
        ("virtio-rpmb", "v1.0"),
        ("virtio-gpio,@gpiochip0{0}", "v1.0"),
        ("virtio-i2c,0:10", "v1.2"),
        ("igd-lpc", "v1.6"),
        ("vhost-vsock,cid=3", "v3.0"),
        ("virtio-gpu,geometry=fullscreen", "v3.0"),
        ("pci-gvt", "v1.0"),
    ],
)
def test_emulations_that_need_something_of_the_host(emulation: str, first: str) -> None:
    """Taken where it is there, refused where it is not; v3.0 looks for no display."""
    host = RECORDING._replace(features=frozenset(Feature))
    tokens = ("-s", f"9,{emulation}")
    obsolete = emulation == "pci-gvt"
    assert accepting(*tokens, host=host) == releases(first, "v2.7" if obsolete else "master")
    without = RECORDING._replace(features=frozenset())
    assert set(accepting(*tokens, host=without)) <= {"v3.0"}


def test_vsock_missing_on_the_host_crashes_v3_0_and_v3_1() -> None:
    """Later ones refuse; the context id must be above 2."""
    assert device("vhost-vsock,cid=3") == Vsock(3)
    for release, crash in (("v3.0", True), ("v3.1", True), ("v3.2", False), ("v3.3", False)):
        assert fault("-s", "9,vhost-vsock,cid=3", *PLAIN, release=release).crash is crash
    for config in (
        "vhost-vsock",
        "vhost-vsock,cid=2",
        "vhost-vsock,x",
        "vhost-vsock,cid=4294967295",
    ):
        assert isinstance(device(config), Malformed)


def test_passthrough_needs_the_device() -> None:
    """Bus, device and function are hexadecimal."""
    assert device("passthru,00/1f/3,keep_gsi") == Passthrough(Bdf(0, 0x1F, 3), ("keep_gsi",))
    bdf = frozenset({Bdf(0, 0x14, 0)})
    host = RECORDING._replace(pci=bdf, passthrough=bdf, passthrough_fails=NEVER)
    assert accepting("-s", "9,passthru,00/14/0", host=host) == list(RELEASES)
    text = "No physical PCI device 0:14.0!"
    assert fault("-s", "9,passthru,00/14/0", *PLAIN).message == text
    assert fault("-s", "9,passthru", *PLAIN).message == "Empty passthru options"


def test_passthrough_of_the_gpu_goes_on_without_its_lpc_bridge_from_v2_7() -> None:
    """``gpu`` is unknown before v1.6, and to v2.6 fails on the bridge that it adds."""
    tokens = ("-s", "9,passthru,0/2/0,gpu")
    assert accepting(*tokens) == releases("v2.7")
    for release in releases(last="v2.6"):
        said = fault(*tokens, *PLAIN, release=release).message
        bridge = release in releases("v1.6")
        assert said.startswith("lpcbridge" if bridge else "failed to initialize BARs")


@pytest.mark.parametrize(
    ("config", "message", "talking"),
    [
        ("virtio-gpio", "virtio gpio: needs gpio information", releases("v2.3")),
        ("virtio-gpio,x", "virtio gpio: failed to initialize gpio", releases("v2.3")),
        ("virtio-rpmb", "rpmb_sim_key_init failed!", releases(last="v2.2")),
        ("xhci", "xHCI: pci_xhci_init fail, error=-1", releases(last="v2.2")),
        ("xhci,x", 'xHCI: error: invalid options: "x"', releases(last="v2.2")),
        ("xhci,1-1", 'xHCI: error: invalid options: "1-1"', releases(last="v2.2")),
        ("virtio-ipu", "", []),
    ],
)
def test_a_device_that_says_nothing_is_known_by_acrn_dms_last_words(
    config: str, message: str, talking: list[str]
) -> None:
    """Some say what is missing, others only which device it was; the oldest not even that."""
    for release in RELEASES:
        said = fault("-s", f"9,{config}", *PLAIN, release=release).message
        emulation = config.partition(",")[0]
        early = release in releases(last="v1.1")
        last = "Unable to init vdev" if early else f"pci {emulation} init failed"
        assert said == (message if release in talking else last)


def test_gvt_g_missing_on_the_host_crashes_v1_0() -> None:
    """Later releases refuse to go on without it."""
    assert takes("pci-gvt") == []
    assert fault("-s", "9,pci-gvt", *PLAIN, release="v1.0").crash
    assert not fault("-s", "9,pci-gvt", *PLAIN, release="v1.1").crash


def test_a_display_is_described_while_the_argv_is_read() -> None:
    """v3.0 has one, of any arguments; later releases crash without, and want a geometry."""
    assert takes("virtio-gpu") == takes("virtio-gpu,x") == ["v3.0"]
    assert takes("virtio-gpu,geometry=640x480+0+0") == releases("v3.0")
    for release in releases("v3.1"):
        assert fault("-s", "9,virtio-gpu", *PLAIN, release=release).exit == -11
        assert fault("-s", "9,virtio-gpu,x", *PLAIN, release=release).stage is Stage.ARGV
    two = ("-s", "8,virtio-gpu,geometry=fullscreen", "-s", "9,virtio-gpu,geometry=fullscreen")
    assert accepting(*two) == releases("v3.1")


def test_some_devices_there_are_once() -> None:
    """A watchdog, a USB controller."""
    for config in ("wdt-i6300esb", "xhci,tablet"):
        assert takes(config) == list(RELEASES)
        assert accepting("-s", f"8,{config}", "-s", f"9,{config}") == []


def test_the_gpu_does_not_go_to_a_real_time_vm() -> None:
    """From v1.6 on; what makes one differs."""
    gpu = ("-s", "9,passthru,0/2/0")
    assert accepting(*gpu) == releases("v1.6")
    assert accepting(*gpu, "--lapic_pt") == releases("v3.0")
    assert accepting(*gpu, "--rtvm") == []


def test_options_of_passthrough_that_are_looked_at() -> None:
    """A number behind vmsix_on_msi (v2.1) and irq= (v3.3); any other option is let pass."""
    assert takes("passthru,0/3/0,anything,reset") == releases("v1.6")
    assert takes("passthru,0/3/0,vmsix_on_msi,4") == releases("v1.6")
    assert takes("passthru,0/3/0,vmsix_on_msi") == releases("v1.6", "v2.0")
    assert takes("passthru,0/3/0,irq=x") == releases("v1.6", "v3.2")
    assert takes("passthru,0:3.0,romfile=/" + 256 * "r") == releases("v1.6", "v3.1")
    assert takes("passthru,0:3.0,dsdt=/" + 256 * "d") == releases("v1.6", "v3.2")


def test_shared_memory_changes_its_form_in_v2_2() -> None:
    """Bytes before, from 4 KiB; mebibytes from then on, from 2 to 512; powers of two."""
    assert device("ivshmem,dm:/shm,2") == SharedMemory("dm", "shm", 2 << 20)
    assert device("ivshmem,shm,4096", release="v2.0") == SharedMemory("", "shm", 4096)
    assert takes("ivshmem,shm,4096") == releases("v2.0", "v2.1")
    assert takes("ivshmem,hv:/shm,512") == releases("v2.2")
    for size in ("1", "3", "1024", "4096", "x", ""):
        assert takes(f"ivshmem,dm:/shm,{size}") == []
    assert fault("-s", "9,ivshmem", *PLAIN).exit == -11


def test_an_input_device_is_opened() -> None:
    """A path that is a device; none is there on the host of the recordings."""
    assert device("virtio-input,/dev/input/event0,id") == Input("/dev/input/event0", "id")
    assert takes("virtio-input,/dev/input/event0") == []
    host = RECORDING._replace(entry=lambda _: Entry(Kind.DEVICE))
    assert accepting("-s", "9,virtio-input,/dev/input/event0", host=host) == list(RELEASES)


def test_usb_ports_are_those_of_the_host() -> None:
    """``xhci`` bare is refused; empty fields count nothing."""
    host = RECORDING._replace(usb=frozenset({(1, 1)}))
    assert accepting("-s", "9,xhci,1-1:tablet:cap=apl", host=host) == list(RELEASES)
    assert accepting("-s", "9,xhci,1-2", host=host) == []
    assert takes("xhci") == takes("xhci,x") == []
    assert takes("xhci,") == takes("xhci,logs:tablets") == list(RELEASES)
