"""Kernel modules: each is loaded after all that it depends on."""

from pathlib import Path

import pytest

from acrn_testguest import BuildError
from acrn_testguest.modules import dependencies, found_in, in_load_order


def module(folder: Path, name: str, *needed: str) -> None:
    """Write what a module looks like to a reader of its .modinfo."""
    path = folder / "drivers" / f"{name}.ko"
    path.parent.mkdir(exist_ok=True)
    info = f"license=GPL\0depends={','.join(needed)}\0retpoline=Y\0name={name}\0"
    path.write_bytes(b"\x7fELF\2\1\1\0\0" + info.encode() + b"\0\0code")


def test_a_module_comes_after_all_it_needs_and_only_once(tmp_path: Path) -> None:
    """The needs of needs come first; what two modules need is there once; others are left out."""
    module(tmp_path, "virtio_blk", "virtio_ring", "virtio")
    module(tmp_path, "virtio_net", "virtio", "net_failover")
    module(tmp_path, "net_failover", "failover")
    module(tmp_path, "virtio", "virtio_ring")
    for name in ("virtio_ring", "failover", "virtio_gpu"):
        module(tmp_path, name)
    ordered = list(in_load_order(("virtio_net", "virtio_blk"), found_in(tmp_path)))
    assert ordered == [
        "virtio_ring",
        "virtio",
        "failover",
        "net_failover",
        "virtio_net",
        "virtio_blk",
    ]


def test_hyphen_and_underscore_are_one_in_a_module_name(tmp_path: Path) -> None:
    """`depends=` says virtio_rng where the file is virtio-rng.ko."""
    module(tmp_path, "virtio-rng")
    module(tmp_path, "user", "virtio_rng")
    assert list(in_load_order(("user",), found_in(tmp_path))) == ["virtio_rng", "user"]


def test_only_a_whole_modinfo_entry_counts() -> None:
    """A text that merely contains `depends=` is not taken for the entry."""
    assert dependencies(b"\0softdepends=a\0depends=b,c\0") == ("b", "c")
    assert dependencies(b"\0depends=\0") == ()


def test_a_module_that_the_kernel_lacks_is_named(tmp_path: Path) -> None:
    """The error says which module, and which kernel it takes."""
    module(tmp_path, "virtio_blk", "virtio")
    with pytest.raises(BuildError, match=r"no module virtio\.ko; it must be Debian 12's"):
        in_load_order(("virtio_blk",), found_in(tmp_path))
