"""virtio-net, release by release; one fact a test."""

import pytest
from acrn_dm_verdicts import PLAIN, device, fault, releases, takes

from acrn_dm import (
    RELEASES,
    Net,
)


@pytest.mark.parametrize(
    ("field", "interfaces"),
    [
        ("tap0", ["tap0", "tap0", None]),
        ("vmnet0", ["vmnet0", "vmnet0", None]),
        ("macvtap0", [None, "macvtap0", None]),
        ("tap=tap0", ["tap=tap0", "tap=tap0", "tap0"]),
        ("eth0", [None, None, None]),
        ("", [None, None, None]),
    ],
)
def test_an_interface_is_opened_by_the_form_of_its_release(
    field: str, interfaces: list[str | None]
) -> None:
    """By prefix, by substring, by ``tap=``; another form is accepted, and opens nothing."""
    config = f"virtio-net,{field}"
    assert takes(config) == list(RELEASES)
    eras = (releases(last="v2.0"), releases("v2.1", "v2.7"), releases("v3.0"))
    for era, interface in zip(eras, interfaces, strict=True):
        for release in era:
            assert device(config, release) == Net(field, interface)


def test_a_network_device_without_any_field_is_an_error() -> None:
    """``virtio-net`` bare."""
    assert takes("virtio-net") == []
    old, new = "virtio_net: devname NULL", "virtio_net: invalid optional argument"
    for release in RELEASES:
        said = fault("-s", "9,virtio-net", *PLAIN, release=release).message
        assert said == (new if release in releases("v3.0") else old)


@pytest.mark.parametrize(
    "mac",
    [
        *("02:00:ca:fe:00:04", "2:0:a:f:0:4", "02:00:CA:FE:00:04 junk", "100:1:1:1:1:1"),
        *("+2:0:0:0:0:1", "0x0:1:1:1:1:1", " 2:0:0:0:0:1", "2:0:0:0:0:1:9"),
    ],
)
def test_a_mac_address_is_six_hexadecimal_numbers(mac: str) -> None:
    """Of any length and sign; what follows is ignored, and so are unknown keys."""
    assert takes(f"virtio-net,tap0,vhost,mac={mac},foo=1") == list(RELEASES)
    assert device(f"virtio-net,tap0,vhost,mac={mac}") == Net("tap0", None, mac)


@pytest.mark.parametrize(
    ("config", "seed"),
    [
        ("tap=t,mac_seed=a,b", "a,b"),
        ("tap=t,mac_seed=a,vhost,b=c", "a,vhost,b=c"),
        ("tap=t,mac_seed", None),
        ("tap=t,vhost,mac_seed=a", None),
        ("tap0,mac_seed=a", None),
    ],
)
def test_a_seed_is_read_directly_behind_the_interface(config: str, seed: str | None) -> None:
    """From v3.0 on; before, the key is ignored."""
    for release, expected in (("v3.3", seed), ("v2.7", None)):
        read_net = device(f"virtio-net,{config}", release)
        assert isinstance(read_net, Net)
        assert read_net.seed == expected
        assert read_net.others == () or expected is None


@pytest.mark.parametrize(
    "mac", ["zz", "", "01:00:5e:00:00:01", "00:00:00:00:00:00", "02:00:ca:fe:00", "02-00-ca-fe-0-4"]
)
def test_a_mac_address_that_is_multicast_zero_or_none_is_refused(mac: str) -> None:
    """In acrn-dm's words."""
    assert takes(f"virtio-net,tap0,mac={mac}") == []
    assert fault("-s", f"9,virtio-net,tap0,mac={mac}", *PLAIN).message == f"Invalid MAC {mac}"
