"""Where the original cannot give the arch layer's answer, and the answers that are as good there.

Source: kata-containers/runtime at 04f29832, read and run; kata-containers 3.9.0 has a CPU in place
of a sandbox's UUID, and else does the same. Both check and fill in a sandbox's configuration before
they compose it (`HypervisorConfig.valid`, `Acrn.setup`, `Acrn.buildDevices`), keep a macvtap
endpoint's address as bytes, and have no logger before the launch, by when all devices are added.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from acrn_conformance.cases import (
    NUL,
    Answer,
    Dialect,
    Fields,
    Quirk,
    Request,
    integer,
    mapping,
    text,
)
from acrn_conformance.oracle.answers import expected

_REFUSED = Answer(refused=True)

_MAX_VCPUS = 240
_MEMORY_MB = 2048
"""Filled in for 0."""

_LAST_INDEX = 8
"""The last index of the block table."""

_SOCKET_PATH = 107
"""The bytes of the longest path that a socket can have."""

_MAC = re.compile("[0-9a-f]{2}(:[0-9a-f]{2})*")
_MAC_OTHERWISE = re.compile(
    "[0-9a-f]{2}([:-][0-9a-f]{2})*|[0-9a-f]{4}([.][0-9a-f]{4})+", re.IGNORECASE
)


class _Limit(NamedTuple):
    """A limit of the original: the rule about it, what it does there, and which params cross it."""

    rule: str
    reason: str
    crossed: Callable[[Fields], bool]


def quirk(dialect: Dialect, request: Request, expect: Answer) -> Quirk | None:
    """Return the answers that are as good as the expected one, and why; None where none is.

    Raises KeyError for a method that the dialect has not.
    """
    crossed = [limit for limit in _limits(dialect, request.method) if limit.crossed(request.params)]
    also = (_REFUSED, expected(dialect, _filled_in(request))) if crossed else ()
    others = tuple(answer for answer in also if answer != expect)
    reason = " ".join(dict.fromkeys(limit.reason for limit in crossed))
    return Quirk(crossed[0].rule, reason, others) if others else None


def _limits(dialect: Dialect, method: str) -> Iterator[_Limit]:
    match method:
        case "sandbox_argv":
            yield from (*_SANDBOX, *_STEPS)
            yield _NO_UUID if "-U" in dialect.options else _NO_CPU
        case "append_devices":
            yield from _STEPS
        case "device_params":
            yield _BEYOND_TABLE
    yield _Limit(NUL.rule, NUL.reason, _holds_nul)


def _holds_nul(params: Fields) -> bool:
    return b"\\u0000" in msgspec.json.encode(params)


def _is_long(path: str) -> bool:
    return len(path.encode()) > _SOCKET_PATH


def _networks(params: Fields) -> list[Fields]:
    steps = params.get("steps")
    found = [mapping(step) for step in steps] if isinstance(steps, list) else []
    return [step for step in found if text(step, "append") == "network"]


def _addresses(params: Fields) -> list[str]:
    """Return the addresses of macvtap endpoints that are not as the original writes them."""
    macvtaps = [s for s in _networks(params) if text(s, "endpoint") == "macvtap"]
    return [a for s in macvtaps if (a := text(s, "hard_addr")) and not _MAC.fullmatch(a)]


def _filled_in(request: Request) -> Request:
    """Return the request with what the original makes of it."""
    params = dict(request.params)
    if request.method == "sandbox_argv":
        params["max_vcpus"] = integer(params, "max_vcpus") or _MAX_VCPUS
        params["memory_mb"] = integer(params, "memory_mb") or _MEMORY_MB
    steps = params.get("steps")
    if isinstance(steps, list):
        params["steps"] = [_as_bytes(mapping(step)) for step in steps]
    return Request(request.method, params)


def _as_bytes(step: Fields) -> Fields:
    """Return a step with a macvtap's address as bytes are written."""
    address = text(step, "hard_addr")
    if text(step, "endpoint") != "macvtap" or not _MAC_OTHERWISE.fullmatch(address):
        return step
    return {**step, "hard_addr": bytes.fromhex(re.sub("[:.-]", "", address)).hex(":")}


_SANDBOX = (
    _Limit(
        "sandbox-filled-in",
        "The original fills in 240 for 0 vCPUs, the limit of another hypervisor.",
        lambda params: not integer(params, "max_vcpus"),
    ),
    _Limit(
        "sandbox-filled-in",
        "The original fills in 2048 MiB where the memory is 0.",
        lambda params: not integer(params, "memory_mb"),
    ),
    _Limit(
        "sandbox-unchecked",
        "The original has 32 bits for the MiB of a sandbox.",
        lambda params: integer(params, "memory_mb") >= 1 << 32,
    ),
    _Limit(
        "sandbox-unchecked",
        "The original refuses an empty kernel path.",
        lambda params: not text(params, "kernel_path"),
    ),
    _Limit(
        "sandbox-unchecked",
        "The original makes the console's path of the id, so that it is never empty.",
        lambda params: not text(params, "console_path"),
    ),
    _Limit(
        "sandbox-unchecked",
        f"The original refuses a console's path, made of the id, of over {_SOCKET_PATH} bytes.",
        lambda params: (
            _is_long(text(params, "console_path"))
            or _is_long(f"/run/vc/vm/{text(params, 'id')}/console.sock")
        ),
    ),
)

_STEPS = (
    _Limit(
        "append-network-unsupported",
        "The original logs an unsupported endpoint, and panics before a launch, without a logger.",
        lambda params: any(
            text(step, "endpoint") not in {"veth", "macvtap"} for step in _networks(params)
        ),
    ),
    _Limit(
        "macvtap-address",
        "The original keeps a macvtap's address as bytes, and writes them in small letters.",
        lambda params: any(map(_MAC_OTHERWISE.fullmatch, _addresses(params))),
    ),
    _Limit(
        "macvtap-address",
        "The original keeps a macvtap's address as bytes, which this one is not.",
        lambda params: not all(map(_MAC_OTHERWISE.fullmatch, _addresses(params))),
    ),
)

_BEYOND_TABLE = _Limit(
    "block-index-beyond-table",
    "The original logs an index beyond the table, and panics before a launch, without a logger.",
    lambda params: integer(mapping(params.get("device")), "index") > _LAST_INDEX,
)

_NO_UUID = _Limit(
    "sandbox-unchecked",
    "The original asks the hypervisor for a UUID where it has none.",
    lambda params: not text(params, "uuid"),
)

_NO_CPU = _Limit(
    "sandbox-unchecked",
    "The original takes the machine's next CPU, and fails where there is none.",
    lambda params: not text(params, "apic_id"),
)
