"""What acrn-3 builds otherwise than kata-3, so that acrn-dm v3.x boots it with a network."""

import msgspec

from acrn_conformance.cases import ACRN_3, Level, as_fields, device_types, step_types
from catalogue import argv, build, device_params, sandbox_argv
from catalogue.build import KERNEL, MAC, network_step
from catalogue.entry import Entry, Params
from catalogue.kata_3_build import SANDBOX
from catalogue.translated import CPU, translated

_GREATEST = (1 << 32) - 2
_NETS = ("-net", "net-")
"""In the id of each entry of kata-1 that is about networks."""


def _entry(method: str, tail: str, title: str, rule: str, params: Params) -> Entry:
    made = build.entry(method, tail, title, rule, params)
    level = Level.EXTENSION if made.level is Level.REQUIRED else made.level
    return msgspec.structs.replace(made, id=f"acrn-3-{tail}", dialect=ACRN_3, level=level)


def _argv(tail: str, title: str, rule: str, **fields: object) -> Entry:
    return _entry("argv", tail, title, rule, {"config": fields})


def _sandbox(tail: str, title: str, rule: str, **fields: object) -> Entry:
    return _entry("sandbox_argv", f"sandbox-{tail}", title, rule, {**SANDBOX, **fields})


def _vsock(context_id: int) -> Params:
    return as_fields(device_types.Vsock(context_id))


def _vsock_step(context_id: int) -> Params:
    return as_fields(step_types.Vsock(context_id))


_OPTIONS = (
    _argv("acpi-alone", "ACPI gives no option.", "acrn-3-no-acpi", acpi_virt=True),
    _argv(
        "everything",
        "With everything set, the order is memory, devices, CPU, kernel, name.",
        "acrn-3-no-acpi",
        name="sbx-a",
        apic_id=CPU,
        acpi_virt=True,
        memory={"size": "512M"},
        kernel={"path": KERNEL, "params": "quiet"},
        devices=[build.bridge(), build.net(), build.block(1)],
    ),
    _argv(
        "argv-without-cpu",
        "A configuration without a CPU leaves its option out.",
        "kata-3-cpu",
        name="sbx-a",
        acpi_virt=True,
        devices=[build.net()],
    ),
)

_TAPS = tuple(
    _entry(
        "device_params",
        f"net-{tail}",
        title,
        "acrn-3-tap",
        {"device": build.net(kind, name, mac), "slot": 3},
    )
    for tail, title, kind, name, mac in (
        ("tap", "A tap's name stands behind tap=.", "tap", "tap0_kata", MAC),
        ("macvtap", "A macvtap's name stands behind tap=.", "macvtap", "tap1_kata", MAC),
        ("other-type", "The name of any other type stands alone.", "veth", "tap0", MAC),
        ("no-type", "The name of no type stands alone.", "", "tap0", MAC),
        ("prefix-given", "A name that begins with tap= gets it once more.", "tap", "tap=t", MAC),
        ("empty", "A tap without name and address is written all the same.", "tap", "", ""),
        ("comma", "A comma in a name is kept.", "tap", "t,mac=x", MAC),
    )
)

_CIDS = (
    *(
        _entry(
            "device_valid",
            f"vsock-valid-{cid}",
            f"A vsock of context id {cid} is {'valid' if 3 <= cid <= _GREATEST else 'not valid'}.",
            "acrn-3-cid",
            {"device": _vsock(cid)},
        )
        for cid in (2, 3, _GREATEST, _GREATEST + 1, _GREATEST + 2, (1 << 32) + 3)
    ),
    _argv(
        "vsock-greatest-dropped",
        "A vsock that acrn-dm would refuse takes no slot.",
        "acrn-3-cid",
        devices=[build.bridge(), _vsock(_GREATEST + 1), build.block(1)],
    ),
    _entry("limits", "limits-fixed", "The greatest context id is 4294967294.", "acrn-3-cid", {}),
)

_SANDBOXES = (
    *(
        _sandbox(
            f"as-started-{'debug' if debug else 'quiet'}",
            f"A sandbox as it starts, {'with' if debug else 'without'} debug, has agent and tap.",
            "acrn-3-sandbox",
            debug=debug,
            steps=[_vsock_step(4021), network_step()],
        )
        for debug in (False, True)
    ),
    _sandbox("without-cpu", "A sandbox without a CPU is refused.", "acrn-3-cpu", apic_id=""),
    _sandbox("null-cpu", "A sandbox whose CPU is null is refused.", "acrn-3-cpu", apic_id=None),
    _sandbox("cpu-0", "CPU 0 is one like any other.", "acrn-3-cpu", apic_id="0"),
    _sandbox("cpu-blanks", "A CPU of blanks is a text as it is.", "acrn-3-cpu", apic_id="  "),
    _sandbox("cpus", "A sandbox may have several CPUs.", "acrn-3-cpu", apic_id="0,2"),
    _sandbox(
        "macvtap", "A macvtap stands behind tap= too.", "acrn-3-tap",
        steps=[network_step("macvtap", "", "tap1_kata")],
    ),
    _sandbox("name-of-16", "A name of 16 bytes is refused.", "kata-3-name", id="0123456789ab"),
    _sandbox(
        "vsock-greatest", "A vsock that acrn-dm would refuse takes no slot.", "acrn-3-cid",
        steps=[_vsock_step(_GREATEST + 1), network_step()],
    ),
)  # fmt: skip

_ABOUT_NETS = [
    entry
    for entry in (*argv.ENTRIES, *device_params.ENTRIES)
    if any(part in entry.id for part in _NETS)
]

ENTRIES = (
    *_OPTIONS,
    *_TAPS,
    *_CIDS,
    *_SANDBOXES,
    *translated(_ABOUT_NETS, ACRN_3, "not valid", "bad ", level=Level.EXTENSION),
    *translated(
        [
            entry
            for entry in sandbox_argv.ENTRIES
            if any(part in entry.id for part in ("-whole-", "-network-", "-params-"))
        ],
        ACRN_3,
        "ACPI",
        level=Level.EXTENSION,
    ),
)
