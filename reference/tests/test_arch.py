"""The arch layer's debt to its callers beyond an argv: values that nobody can change."""

import dataclasses
import logging
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from acrn_arch import (
    Arch,
    Block,
    BlockTable,
    Bridge,
    Capabilities,
    Config,
    Console,
    Drive,
    Endpoint,
    Kernel,
    Lpc,
    Memory,
    Net,
    PortType,
    Sandbox,
    Socket,
    Vsock,
    block_rescan,
    command,
)
from acrn_arch.config import Piece
from acrn_arch.devices import BoardVsock, TapNet
from acrn_arch.dialect import KATA_1
from acrn_arch.errors import MissingImageError, NegativeIndexError, RangeError, RescanError
from acrn_arch.sandbox import Bridges, ConsoleSocket, Image, LpcBus

VALUES = (
    *(Console(), Net(), Block(), Bridge(), Lpc(), Memory(), Kernel(), Config(), BlockTable()),
    *(Arch(), Capabilities(), Sandbox(), Socket("", ""), Drive("", 0), Endpoint("")),
    *(Piece((), ""), command(Config()), Vsock(), BoardVsock(), TapNet()),
    *(Bridges(), LpcBus(), ConsoleSocket(""), Image("")),
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


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


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_frozen(value: "DataclassInstance | Piece") -> None:
    """No field of a value can be set, and no other added; so it can be a key."""
    if isinstance(value, Piece):
        names = list(value._fields)
    else:
        names = [field.name for field in dataclasses.fields(value)]
    for name in names:
        with pytest.raises(AttributeError):
            setattr(value, name, None)
    assert not hasattr(value, "__dict__")
    assert {value: 1}[value]


@pytest.mark.parametrize(
    "value",
    [
        *(Console(), Net(), Block(), Bridge(), Lpc(), Vsock(), Memory(), Kernel(), Config()),
        *(Arch(), Sandbox()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_said_is_empty(value: "DataclassInstance") -> None:
    """A field that is left out is "", 0, False or empty; a port is serial, a dialect kata-1."""
    kept = (PortType.SERIAL, Memory(), Kernel(), KATA_1)
    given = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    assert {name: said for name, said in given.items() if said and said not in kept} == {}


def test_debug_is_always_named() -> None:
    """A bare True would not say what it is."""
    with pytest.raises(TypeError):
        Arch().kernel_parameters(True)  # type: ignore[call-arg]  # noqa: FBT003  (what is tested)


def test_a_rescan_outside_the_pool_is_told_the_bounds() -> None:
    """Index 8 has a table entry, and can not be rescanned."""
    with pytest.raises(RescanError, match=r"give one from 0 to 7$"):
        block_rescan("vm", BlockTable(), 8, "/disk")


def test_a_rescan_takes_its_arguments_by_name() -> None:
    """Whoever calls it need not know their order."""
    words = block_rescan(table=BlockTable(), index=0, file="/disk", name="vm", swap=False)
    assert words == ("blkrescan", "vm", "0,/disk")


def test_an_unsupported_endpoint_leaves_a_diagnostic(caplog: pytest.LogCaptureFixture) -> None:
    """An unsupported endpoint adds no device, and says so."""
    with caplog.at_level(logging.INFO):
        assert Arch().append_network((), Endpoint("physical")) == ()
    assert "'physical' is not supported" in caplog.text


def test_nobody_who_has_not_asked_sees_a_diagnostic() -> None:
    """A program that sets up no logging prints nothing of the arch layer's."""
    code = "from acrn_arch import Arch, Endpoint; Arch().append_network((), Endpoint('physical'))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (run.stdout, run.stderr) == (b"", b"")


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


@pytest.mark.parametrize("memory", [-1, 1 << 64, (1 << 64) + 1])
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
