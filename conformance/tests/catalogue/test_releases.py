"""The arch layer's command lines seen by the device model that they are meant for."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acrn_arch import Block, Bridge, Config, Console, Device, Lpc, Memory, Net, PortType, command
from acrn_conformance.cases import golden
from acrn_dm import RECORDING, RELEASES, Function, read
from acrn_dm import Block as DmBlock
from acrn_dm import Console as DmConsole
from acrn_dm import Lpc as DmLpc
from acrn_dm import Net as DmNet
from catalogue.freeze import ROOT
from catalogue.releases import fate

WORDS = st.text("abcdefghij0123456789_-", min_size=1, max_size=12).filter(lambda s: s != "nodisk")
PATHS = WORDS.map(lambda word: f"/run/{word}")
CONSOLES = st.builds(
    Console,
    WORDS,
    st.sampled_from(["socket", "pty", "file"]),
    st.sampled_from([PortType.CONSOLE, PortType.SERIAL]),
    PATHS,
)
NETS = st.builds(Net, st.just("tap"), WORDS.map("tap{}".format), st.just("02:00:00:00:00:01"))
BLOCKS = st.builds(Block, st.one_of(PATHS, st.just("nodisk")), st.integers(0, 8))
INVALID: st.SearchStrategy[Device] = st.sampled_from(
    [Block("", 1), Console(), Net(), Lpc(0, "isa")]
)
DEVICES = st.lists(st.one_of(CONSOLES, NETS, BLOCKS, INVALID), max_size=16)


def expected(device: Device) -> object:
    """Return what acrn-dm v2.0 has to understand of a device."""
    match device:
        case Console(name=name, backend=backend, path=path):
            port = {"socket": name, "pty": "pty_port", "file": "file_port"}[backend]
            shown = None if backend == "pty" else path
            return backend, port, shown, device.port_type is PortType.CONSOLE
        case Net(if_name=interface, mac_address=mac):
            return interface, interface, mac
        case Block(file_path=path):
            return path, path == "nodisk"
        case Bridge(emul=emul) | Lpc(emul=emul):
            return emul
        case _:
            raise AssertionError(device)


def understood(function: Function) -> object:
    match function.device:
        case DmConsole(ports=(port,)):
            return port.backend.value, port.name, port.path, port.console
        case DmNet(field=field, interface=interface, mac=mac):
            return field, interface, mac
        case DmBlock(path=path, placeholder=placeholder):
            return path, placeholder
        case DmLpc():
            return "lpc"
        case _:
            return function.emulation


@given(DEVICES, WORDS, st.integers(128, 65_536))
def test_what_is_built_is_what_is_understood(
    devices: list[Device], name: str, megabytes: int
) -> None:
    """acrn-dm finds exactly the valid devices, on their slots, with their arguments."""
    given_ = (Bridge(0, "hostbridge"), Lpc(0, "lpc"), *devices)
    config = Config(name=f"vm{name}", memory=Memory(f"{megabytes}M"), devices=given_)
    parsed = read(command(config).argv, "v2.0", RECORDING).command
    valid = [device for device in given_ if device.valid()]
    slots = slots_from_0(len(valid))
    assert [(f.bus, f.slot, f.function) for f in parsed.functions] == [(0, s, 0) for s in slots]
    assert [understood(f) for f in parsed.functions] == [expected(device) for device in valid]
    assert parsed.name == config.name
    assert parsed.memory == megabytes << 20
    port = parsed.port("com1")
    assert port is not None


def slots_from_0(number: int) -> list[int]:
    slots = (slot for slot in count() if slot != 2)
    return [next(slots) for _ in range(number)]


def case_of(name: str) -> list[str]:
    case = next(case for case in golden.load(ROOT).cases() if case.id == name)
    result = case.expect.result
    assert isinstance(result, dict)
    argv = result["argv"]
    assert isinstance(argv, list)
    return argv


@pytest.mark.parametrize(
    ("case", "accepted"),
    [
        ("argv-only-uuid-and-disk", ()),
        ("argv-name-of-16", RELEASES[: RELEASES.index("v2.7")]),
        ("argv-backend-console", ()),
    ],
)
def test_the_table_says_where_a_golden_runs(case: str, accepted: tuple[str, ...]) -> None:
    """A release that refuses a golden says at which stage, and why."""
    found = fate(case, case_of(case))
    assert found.accepted == accepted
    refused = [release for refusal in found.refused for release in refusal.releases]
    assert sorted([*found.accepted, *refused]) == sorted(RELEASES)


def test_the_ledger_names_the_releases_that_refuse_an_entry() -> None:
    """A console without a backend runs nowhere; one on a pty without a path is simply not there.

    From v3.0 on nothing that kata 1.x builds runs, since it names no CPU.
    """
    refused = {entry.id: entry.refused_by for entry in golden.ledger(ROOT)}
    assert set(refused["console-backend-console"]) == set(RELEASES)
    assert set(refused["slots-beyond-31"]) == set(RELEASES)
    assert set(refused["pty-needs-path"]) == set(RELEASES[RELEASES.index("v3.0") :])
