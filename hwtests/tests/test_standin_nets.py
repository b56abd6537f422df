"""Network devices as QEMU's: interfaces that are opened or not, MAC addresses, refusals."""

import pytest
from standin_support import HOST, PretendedHost, device, device_refusal, values


@pytest.mark.parametrize(
    ("config", "interface"),
    [
        ("tap0", "tap0"),
        ("tap=tap0", "tap=tap0"),
        ("macvtap0,mac=02:00:00:00:00:01", "macvtap0"),
        ("vmnet0", "vmnet0"),
        ("a_tap_with_a_very_long_name", "a_tap_with_a_ve"),
    ],
)
def test_an_interface_whose_name_has_tap_in_it_is_opened(config: str, interface: str) -> None:
    """As it is named, cut to the kernel's 15 bytes."""
    found = device(f"virtio-net,{config}")
    assert values(found, "-netdev") == [
        f"tap,id=slot9.0.net,ifname={interface},script=no,downscript=no"
    ]
    assert (found.unlinked, found.remarks) == ((), ())


def test_an_interface_that_is_not_opened_has_no_link() -> None:
    """Silently so in acrn-dm; where no tap can be opened it is the same."""
    bare = device("virtio-net,eth0")
    assert bare.unlinked == ("slot9.0",)
    assert values(bare, "-netdev") == ["user,id=slot9.0.net,restrict=on"]
    assert bare.remarks == (
        "not honoured: eth0 of virtio-net on 9:0 (release v2.5 opens no such interface)",
    )
    closed = device("virtio-net,tap0,vhost", PretendedHost(HOST.images, taps=False))
    assert closed.unlinked == ("slot9.0",)
    assert closed.remarks == (
        "not honoured: vhost of virtio-net on 9:0",
        "not honoured: tap0 of virtio-net on 9:0 (taps cannot be opened here)",
    )


@pytest.mark.parametrize(
    ("config", "mac"),
    [
        ("tap0,mac=2:0:ca:FE:0:4", "02:00:ca:fe:00:04"),
        ("tap0,mac=02:00:00:00:00:01,mac=02:00:00:00:00:02,foo=1", "02:00:00:00:00:02"),
        ("tap0,mac=02:00:00:00:00:01xyz", "02:00:00:00:00:01"),
        ("tap0,mac", "00:16:3e:35:d0:09"),
    ],
)
def test_a_network_device_has_its_mac(config: str, mac: str) -> None:
    """As ether_aton reads it, the last one given; acrn-dm's own choice where there is none."""
    front = values(device(f"virtio-net,{config}"), "-device")[0]
    assert f",mac={mac}," in front


@pytest.mark.parametrize(
    "mac", ["zz", "", "01:00:5e:00:00:01", "0:0:0:0:0:0", "02:00:00:00:00", "02-00-00-00-00-01"]
)
def test_a_mac_that_is_none(mac: str) -> None:
    """Malformed, multicast or zero."""
    assert device_refusal(f"virtio-net,tap0,mac={mac}") == f"Invalid MAC {mac}"
    assert device_refusal("virtio-net") == "virtio_net: devname NULL"
