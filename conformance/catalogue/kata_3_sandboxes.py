"""Sandboxes of kata-3: a CPU, a vsock for the agent, and names of at most 15 bytes."""

from acrn_conformance.cases import KATA_3
from catalogue import sandbox_argv
from catalogue.build import UUID, network_step
from catalogue.entry import Entry
from catalogue.kata_3_build import SANDBOX, entry, vsock_step
from catalogue.translated import translated


def _sandbox(tail: str, title: str, rule: str, **fields: object) -> Entry:
    return entry("sandbox_argv", f"sandbox-{tail}", title, rule, {**SANDBOX, **fields})


_REAL = tuple(
    _sandbox(
        f"as-started-{'debug' if debug else 'quiet'}",
        f"A sandbox as it starts, {'with' if debug else 'without'} debug, has vsock and network.",
        "kata-3-sandbox",
        debug=debug,
        steps=[vsock_step(4021), network_step()],
    )
    for debug in (False, True)
)

_NAMES = (
    _sandbox("name-of-15", "A name of 15 bytes is the longest.", "kata-3-name"),
    _sandbox("name-of-16", "A name of 16 bytes is refused.", "kata-3-name", id="0123456789ab"),
    _sandbox("name-of-64", "The id of a container engine is refused.", "kata-3-name", id="0" * 64),
    _sandbox("name-bytes", "A name is measured in bytes.", "kata-3-name", id="\u00e9" * 6),
    _sandbox(
        "name-bytes-fit", "A name of 14 bytes in 9 characters is none too long.", "kata-3-name",
        id="\u00e9" * 5,
    ),
    _sandbox("name-empty", "An empty id leaves the prefix as the name.", "kata-3-name", id=""),
    _sandbox(
        "name-with-prefix", "An id that begins with sbx- gets the prefix all the same.",
        "kata-3-name", id="sbx-1",
    ),
)  # fmt: skip

_CPUS = (
    _sandbox("cpus", "All CPUs are one token.", "kata-3-cpu", apic_id="0,2"),
    _sandbox("cpu-text", "The text of a CPU is kept.", "kata-3-cpu", apic_id="APIC 2"),
    _sandbox(
        "cpu-empty", "Without a CPU its option is left out, or the sandbox is refused.",
        "kata-3-sandbox-unchecked", apic_id="",
    ),
    _sandbox("uuid-ignored", "A UUID is an unknown field.", "kata-3-no-uuid", uuid=UUID),
)  # fmt: skip

_VSOCKS = (
    _sandbox("vsock", "A vsock follows the pool.", "kata-3-append-vsock", steps=[vsock_step()]),
    _sandbox(
        "vsock-behind-network", "A vsock follows what was added before it.", "append-order",
        steps=[network_step(), vsock_step(5), network_step(name="tap1_kata")],
    ),
    _sandbox(
        "vsock-invalid", "A vsock that is not valid takes no slot.", "invalid-device-dropped",
        steps=[vsock_step(2), network_step()],
    ),
    _sandbox(
        "vsock-greatest", "The greatest context id is valid.", "kata-3-vsock-valid",
        steps=[vsock_step((1 << 32) - 1)],
    ),
    _sandbox(
        "vsocks", "Every vsock is a device.", "kata-3-append-vsock",
        steps=[vsock_step(7), vsock_step(7)],
    ),
)  # fmt: skip

ENTRIES = (
    *_REAL,
    *_NAMES,
    *_CPUS,
    *_VSOCKS,
    *translated(sandbox_argv.ENTRIES, KATA_3, "refused; null is empty.", "without an image"),
)
