"""What the arch layer owes its callers beyond an argv: values that nobody can change."""

import dataclasses
import logging
from pathlib import Path

import pytest

from acrn_arch import Arch, Block, BlockTable, Config, Console, Endpoint, Lpc, Net, command
from acrn_arch.errors import MissingImageError, NegativeIndexError, RangeError


def test_kernel_parameters_of_a_second_call_leave_the_first_alone() -> None:
    """Calling twice never changes an earlier result (upstream overwrites its tail)."""
    arch = Arch("/image")
    first = arch.kernel_parameters(debug=True)
    before = tuple(first)
    arch.kernel_parameters(debug=False)
    assert first == before


def test_two_launches_share_no_block_table() -> None:
    """The block table belongs to one command line, not to the process."""
    first = command(Config(devices=(Block("/a", 1), Block("/b", 2))))
    second = command(Config(devices=(Block("/c", 5),)))
    assert first.block_table.slots == (0, 0, 1, 0, 0, 0, 0, 0, 0)
    assert second.block_table.slots == (0,) * 9


def test_appending_leaves_the_given_devices_alone() -> None:
    """Every append returns new devices."""
    arch, given = Arch(), (Block("/a"),)
    for devices in (
        arch.append_bridges(given),
        arch.append_lpc(given),
        arch.append_console(given, "/c"),
        arch.append_socket(given, "n", "/s"),
        arch.append_network(given, Endpoint("veth", "", "tap0", "aa")),
        arch.append_block_device(given, "/b", 1),
        arch.append_image(given, "/dev/null"),
    ):
        assert devices[:1] == given
        assert len(devices) == 2
    assert given == (Block("/a"),)


@pytest.mark.parametrize(
    "value", [Console(), Net(), Block(), Lpc(), Config(), BlockTable(), Arch()]
)
def test_values_are_frozen(value: Console | Net | Block | Lpc | Config | BlockTable | Arch) -> None:
    """No field of a value can be set."""
    for field in dataclasses.fields(value):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, None)
    assert not hasattr(value, "__dict__")


def test_an_unsupported_endpoint_leaves_a_diagnostic(caplog: pytest.LogCaptureFixture) -> None:
    """An unsupported endpoint adds no device, and says so."""
    with caplog.at_level(logging.INFO):
        assert Arch().append_network((), Endpoint("physical")) == ()
    assert "'physical' is not supported" in caplog.text


def test_an_index_beyond_the_pool_leaves_a_diagnostic(caplog: pytest.LogCaptureFixture) -> None:
    """A block index of 9 is emitted, not recorded, and said so."""
    with caplog.at_level(logging.INFO):
        built = command(Config(devices=(Lpc(0, "lpc"), Block("/a", 9))))
    assert built.argv[-1] == "1,virtio-blk,/a"
    assert built.block_table == BlockTable()
    assert "block index 9" in caplog.text


def test_a_negative_index_is_a_typed_error() -> None:
    """A negative block index is refused (upstream panics)."""
    with pytest.raises(NegativeIndexError, match="-1 is negative"):
        command(Config(devices=(Block("/a", -1),)))


@pytest.mark.parametrize("memory", [-1, 1 << 64])
def test_memory_outside_uint64_is_a_typed_error(memory: int) -> None:
    """Memory is a uint64."""
    with pytest.raises(RangeError):
        Arch().memory_topology(memory)


def test_a_missing_image_is_a_typed_error(tmp_path: Path) -> None:
    """Only an image that does not exist is refused."""
    with pytest.raises(MissingImageError, match="name an existing image file"):
        Arch().append_image((), str(tmp_path / "image"))


@pytest.mark.parametrize("path", ["/dev/null/image", "nul\0", "\ud800", "x" * 5000])
def test_other_trouble_in_looking_for_an_image_is_let_pass(path: str) -> None:
    """Upstream asks only whether the file does not exist."""
    assert Arch().append_image((), path) == (Block(path, 0),)
