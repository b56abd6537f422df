"""An adapter that does as the original really does: checks, fills in, keeps bytes, has no logger.

`python original.py DIALECT` refuses where the original panics without a logger; `python original.py
DIALECT logger` has one. Kata 3.9, the original of kata-3, checks and fills in as Kata 1.x does.
"""

import re
import sys
from functools import partial

from acrn_arch.errors import ArchError
from acrn_conformance import oracle
from acrn_conformance.cases import DIALECTS, Fields, integer, mapping, text

DIALECT = DIALECTS[sys.argv[1]]
LOGGER = sys.argv[2:] == ["logger"]
IDENTITY = "uuid" if "-U" in DIALECT.options else "apic_id"
"""The field that names the guest to the hypervisor, or its CPU."""


class PanicError(ArchError):
    """A panic, or an error that the original returns."""


def answer(method: str, params: Fields) -> dict[str, object]:
    """Answer as the original, wired to its createSandbox and its endpoints."""
    if method == "sandbox_argv":
        params = checked(params)
    steps = params.get("steps")
    if isinstance(steps, list):
        params = {**params, "steps": [attached(mapping(step)) for step in steps]}
    if method == "device_params" and not LOGGER:
        device = mapping(params["device"])
        if text(device, "kind") == "block" and integer(device, "index") > 8:
            raise PanicError("nil pointer")
    return oracle.answer(DIALECT, method, params)


def checked(params: Fields) -> Fields:
    """Check a sandbox's configuration, and fill it in."""
    console = f"/run/vc/vm/{text(params, 'id')}/console.sock"
    memory = integer(params, "memory_mb") or 2048
    if not all(text(params, name) for name in ("kernel_path", "image_path", IDENTITY)):
        raise PanicError("missing")
    if memory > 0xFFFFFFFF:
        raise PanicError("no uint32")
    if max(len(path.encode()) for path in (console, text(params, "console_path"))) > 107:
        raise PanicError("too long")
    return {**params, "memory_mb": memory, "max_vcpus": integer(params, "max_vcpus") or 240}


def attached(step: Fields) -> Fields:
    """Return a step with an endpoint as the original holds it."""
    endpoint, address = text(step, "endpoint"), text(step, "hard_addr")
    if text(step, "append") != "network":
        return step
    if endpoint not in {"veth", "macvtap"} and not LOGGER:
        raise PanicError("nil pointer")
    return {**step, "hard_addr": parsed(address)} if endpoint == "macvtap" and address else step


def parsed(address: str) -> str:
    """Return a hardware address as bytes are written, as Go's ParseMAC reads it."""
    for separator, digits in ((":", 2), ("-", 2), (".", 4)):
        groups = address.split(separator)
        if len(groups) > 1 and all(re.fullmatch(f"[0-9A-Fa-f]{{{digits}}}", g) for g in groups):
            return bytes.fromhex("".join(groups)).hex(":")
    raise PanicError("no hardware address")


if __name__ == "__main__":
    oracle.serve(partial(oracle.reply, answer=answer))
