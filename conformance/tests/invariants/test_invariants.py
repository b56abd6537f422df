"""The invariants hold for every answer: shown on the reference for requests that nobody wrote."""

from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acrn_conformance import invariants, oracle
from acrn_conformance.cases import ACRN_3, DIALECTS, KATA_1, KATA_3, Dialect, Fields, Request
from acrn_conformance.invariants import INVARIANTS, Ask, Exchange
from acrn_conformance.search.drawing import Drawing


def asking(dialect: Dialect) -> Ask:
    """Return a way to ask the reference in a dialect."""

    def asked(request: Request) -> Fields | None:
        result = oracle.expected(dialect, request).result
        return result if isinstance(result, dict) else None

    return asked


ask = asking(KATA_1)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(random=st.randoms(use_true_random=False))
def test_the_reference_breaks_no_invariant(dialect: Dialect, random: Random) -> None:
    """No request makes the reference break a rule that needs no reference."""
    request = Drawing(dialect).request(random)
    result = asking(dialect)(request)
    if result is not None:
        exchange = Exchange(dialect, request, result, asking(dialect))
        assert [(i.name, text) for i, text in invariants.broken(exchange)] == []


DISK = {"kind": "block", "file_path": "/a", "index": 1}
VGA = {"kind": "console", "backend": "vga", "path": "/c"}
BARE = {"kind": "console", "backend": "console", "path": "/c"}
CONFIG = {"devices": [DISK, VGA, DISK, BARE], "name": "-s", "uuid": "-A", "acpi_virt": True}
REQUEST = Request("argv", {"config": CONFIG})
ARGV = [
    *("-U", "-A", "-A", "-s", "0,virtio-blk,/a", "-s", "1,virtio-blk,/a"),
    *("-s", "3,virtio-console,", "-s"),
]
SLOTS = [0, 1, 0, 0, 0, 0, 0, 0, 0]
SANDBOX = Request("sandbox_argv", {"id": "1", "image_path": "/i", "kernel_path": "/k"})


def told(request: Request, result: Fields, asked: Ask = ask, dialect: Dialect = KATA_1) -> set[str]:
    exchange = Exchange(dialect, request, result, asked)
    return {invariant.name for invariant, _ in invariants.broken(exchange)}


def wrong(argv: list[str] = ARGV, slots: list[int] = SLOTS) -> set[str]:
    return told(REQUEST, {"argv": argv, "block_slots": slots})


def replaced(position: int, *tokens: str) -> list[str]:
    return [*ARGV[:position], *tokens, *ARGV[position + 1 :]]


def test_a_right_answer_breaks_none() -> None:
    """The answer that the wrong ones below differ from is right; its name is ``-s``."""
    assert wrong() == set()


WRONG = [
    ("reserved-slot", replaced(6, "2,virtio-blk,/a"), SLOTS),
    ("slots-unique", replaced(6, "0,virtio-blk,/a"), SLOTS),
    ("slots-rising", replaced(6, "4,virtio-blk,/a"), SLOTS),
    ("slots-rising", replaced(6, "x"), SLOTS),
    ("slots-rising", ["-k", "/k", "-s", "0,lpc", "vm"], SLOTS),
    ("backends", replaced(8, "3,virtio-console,@vga:x"), SLOTS),
    ("bare-consoles", replaced(8, "3,virtio-console,@pty:pty_port"), SLOTS),
    ("table-truth", ARGV, [0, 5, 0, 0, 0, 0, 0, 0, 0]),
    ("table-truth", ARGV, [0, 1, 1, 0, 0, 0, 0, 0, 0]),
    ("table-truth", ARGV, SLOTS[:8]),
    ("table-follows", ARGV, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("one-function-each", ARGV[:7] + ARGV[9:], SLOTS),
    ("emulations", replaced(6, "1,virtio-net,/a"), SLOTS),
    ("options", ["-A", "-U", "-A", *ARGV[3:]], SLOTS),
    ("options", ARGV[:-1], SLOTS),
    ("options", [*ARGV[:-1], "more", "-s"], SLOTS),
]


@pytest.mark.parametrize(("name", "argv", "slots"), WRONG)
def test_each_invariant_tells_a_wrong_answer(name: str, argv: list[str], slots: list[int]) -> None:
    """An invariant that nothing breaks would prove nothing."""
    assert name in wrong(argv, slots)


def answering(method: str, result: Fields) -> Ask:
    """Return a way to ask the reference that gets ``result`` from one method instead."""
    return lambda request: result if request.method == method else ask(request)


PARAMETERS = Request("kernel_parameters", {"image_path": "/i", "debug": False})
RELATED = [
    ("repeatable", REQUEST, answering("argv", {"argv": []})),
    ("invalid-without-effect", REQUEST, answering("argv", {"argv": []})),
    ("added-at-the-end", REQUEST, answering("argv", {"argv": ARGV[::-1]})),
    ("params-agree", REQUEST, answering("device_params", {"params": ["-s", "3,lpc"]})),
    ("params-agree", REQUEST, answering("device_valid", {"valid": False})),
    ("rescan-agrees", REQUEST, answering("block_rescan", {"argv": ["blkrescan", "", "1,/d"]})),
    ("rescan-agrees", SANDBOX, answering("block_rescan", {"argv": ["blkrescan", "", "1,/d"]})),
    ("composition", SANDBOX, answering("memory_topology", {"size": "0G"})),
    ("composition", SANDBOX, answering("append_devices", {"devices": []})),
    ("composition", SANDBOX, answering("kernel_parameters", {"params": []})),
    ("kernel-order", PARAMETERS, answering("kernel_parameters", {"params": [["quiet", ""]] * 9})),
]


@pytest.mark.parametrize(("name", "request_", "asked"), RELATED)
def test_each_relation_tells_a_wrong_neighbour(name: str, request_: Request, asked: Ask) -> None:
    """Of two answers that contradict each other one is wrong."""
    result = ask(request_)
    assert result is not None
    assert told(request_, result) == set()
    assert name in told(request_, result, asked)


def test_a_leak_from_one_guest_to_the_next_is_told() -> None:
    """An answer that depends on what was asked before breaks an invariant."""
    seen: list[str] = []

    def leaking(request: Request) -> Fields | None:
        seen.append(str(request.params))
        leaked = "neighbour" in "".join(seen)
        return {"argv": [], "block_slots": [9]} if leaked else ask(request)

    empty = Request("argv", {"config": {}})
    result = ask(empty)
    assert result is not None
    assert "repeatable" in told(empty, result, leaking)


def test_a_method_that_is_not_there_breaks_nothing() -> None:
    """An implementation need not have every method."""
    result = ask(SANDBOX)
    assert result is not None
    assert told(SANDBOX, result, lambda _: None) == set()


CID = 1 << 32 | 7
VSOCK = {"kind": "vsock", "context_id": 7}
WITH_VSOCK = Request("argv", {"config": {"devices": [VSOCK]}})
VSOCK_PARAMS = Request("device_params", {"device": {**VSOCK, "context_id": CID}, "slot": 4})
NET = {"kind": "net", "net_type": "tap", "if_name": "t", "mac_address": "m"}
WITH_NET = Request("argv", {"config": {"devices": [NET]}})
WITH_CPU = Request("sandbox_argv", {**SANDBOX.params, "apic_id": "0,2"})
NEXT = Request("next_apic_id", {"apic_ids": ["0", "2"], "stored": "0"})
RELEASE = Request("release_apic_id", {"stored": str(-(1 << 63))})
NO_TABLE = {"block_slots": [0] * 9}
NEWER: list[tuple[str, Dialect, Request, Fields]] = [
    ("vsock-texts", KATA_3, WITH_VSOCK, {"argv": ["-s", "0,vhost-vsock,7"], **NO_TABLE}),
    ("vsock-params", KATA_3, VSOCK_PARAMS, {"params": ["-s", f"4,vhost-vsock,cid={CID}"]}),
    ("vsock-params", ACRN_3, VSOCK_PARAMS, {"params": ["-s", "5,vhost-vsock,cid=7"]}),
    ("net-texts", ACRN_3, WITH_NET, {"argv": ["-s", "0,virtio-net,t,mac=m"], **NO_TABLE}),
    ("net-prefix", ACRN_3, WITH_NET, {"argv": ["-s", "0,virtio-net,t,mac=m"], **NO_TABLE}),
    ("next-cpu", KATA_3, NEXT, {"apic_id": "2", "stored": "2"}),
    ("next-cpu", KATA_3, NEXT, {"apic_id": "4", "stored": "1"}),
    ("next-cpu", KATA_3, NEXT, {"apic_id": "2", "stored": "01"}),
    ("next-cpu", KATA_3, NEXT, {"apic_id": "2", "stored": "-1"}),
    ("released-index", KATA_3, RELEASE, {"stored": str(-(1 << 63))}),
    ("released-index", KATA_3, RELEASE, {"stored": str((1 << 63) - 2)}),
    ("released-index", KATA_3, RELEASE, {"stored": ""}),
]


@pytest.mark.parametrize(("name", "dialect", "request_", "result"), NEWER)
def test_each_invariant_of_a_newer_dialect_tells_a_wrong_answer(
    name: str, dialect: Dialect, request_: Request, result: Fields
) -> None:
    """The right answer breaks none, and the wrong one this one."""
    right = asking(dialect)(request_)
    assert right is not None
    assert told(request_, right, asking(dialect), dialect) == set()
    assert name in told(request_, result, asking(dialect), dialect)


def moved(argv: list[str]) -> list[list[str]]:
    """Return wrong ends of a sandbox's argv: the CPU elsewhere, doubled, joined, not there."""
    front, cpu, back = argv[:-7], argv[-7:-5], argv[-5:]
    return [
        [*argv[:3], *cpu, *front[3:], *back],
        [*front, *cpu, *cpu, *back],
        [*front, "=".join(cpu), *back],
        [*front, *back],
        [*front, *back[:-1], *cpu, back[-1]],
        argv[:-1],
    ]


@pytest.mark.parametrize("dialect", [KATA_3, ACRN_3], ids=lambda dialect: dialect.name)
def test_a_sandboxs_cpu_stands_behind_its_devices(dialect: Dialect) -> None:
    """Wherever else it stands, the argv is wrong by itself."""
    right = asking(dialect)(WITH_CPU)
    assert right is not None
    assert told(WITH_CPU, right, lambda _: None, dialect) == set()
    for argv in moved(invariants.tokens(right)):
        assert "sandbox-tail" in told(WITH_CPU, {**right, "argv": argv}, lambda _: None, dialect)


def test_every_invariant_is_told_above() -> None:
    """No invariant is without a wrong answer that it tells."""
    shown = {name for name, _, _ in WRONG} | {name for name, _, _ in RELATED}
    shown |= {name for name, *_ in NEWER} | {"sandbox-tail"}
    assert {invariant.name for invariant in INVARIANTS} == shown


def test_a_captured_argv_is_held_to_what_every_dialect_shares() -> None:
    """An argv by itself tells slots that are reserved or taken twice, and no more."""
    clash = ["-s", "2,virtio-net,tap0", "-s", "5,virtio-blk,/a", "-s", "5,virtio-blk,/b", "vm"]
    names = {invariant.name for invariant, _ in invariants.broken_by_argv(KATA_1, clash)}
    assert names == {"reserved-slot", "slots-unique"}


def test_an_answer_is_judged_by_the_dialect_that_is_handed_in() -> None:
    """Another dialect keeps another slot free, and has its options in another order."""
    other = msgspec.structs.replace(
        KATA_1, reserved_slot=5, options=("-A", "-m", "-s", "-k", "-B", "-U")
    )
    argv = ["-A", "-s", "2,virtio-blk,/a", "-s", "5,virtio-blk,/b", "-U", "u", "vm"]
    assert {text for _, text in invariants.broken_by_argv(other, argv)} == {
        "'5,virtio-blk,/b' is on the reserved slot"
    }
    mine = {text for _, text in invariants.broken_by_argv(KATA_1, argv)}
    assert mine == {"token 5, '-U', is out of place"}


def test_the_validity_of_an_unknown_kind_is_not_guessed() -> None:
    """A kind that no dialect has is no LPC bus."""
    with pytest.raises(ValueError, match="'usb' is no kind of device"):
        invariants.is_valid(KATA_1, {"kind": "usb", "emul": "lpc"})


@pytest.mark.parametrize(
    ("dialect", "greatest"), [(KATA_3, (1 << 32) - 1), (ACRN_3, (1 << 32) - 2)]
)
def test_a_vsock_has_a_guests_context_id(dialect: Dialect, greatest: int) -> None:
    """From 3 up to the greatest that the dialect's releases take."""
    edges = (2, 3, greatest, greatest + 1)
    valid = [invariants.is_valid(dialect, {"kind": "vsock", "context_id": cid}) for cid in edges]
    assert valid == [False, True, True, False]
