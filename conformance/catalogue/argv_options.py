"""Cases of `argv` on the options around the devices: order, presence, absent and unknown fields."""

from collections.abc import Iterator
from itertools import product

from catalogue.build import IMAGE, INT64_EDGES, KERNEL, KINDS, MAC, UUID, block, entry, lpc
from catalogue.entry import Entry, Params

_OPTIONS: dict[str, tuple[str, str]] = {
    "uuid": ("a UUID", "uuid-option"),
    "acpi": ("ACPI", "acpi-option"),
    "memory": ("a memory size", "memory-option"),
    "kernel": ("a kernel path", "kernel-option"),
    "params": ("kernel parameters", "kernel-params-need-kernel"),
    "name": ("a name", "name-argument"),
}
"""Each option of a configuration: how a title calls it, and the rule for it alone."""

_FULL: Params = {
    "path": "/usr/bin/acrn-dm",
    "ctl_path": "/usr/bin/acrnctl",
    "name": "guest",
    "uuid": UUID,
    "acpi_virt": True,
    "memory": {"size": "2048M"},
    "kernel": {"path": KERNEL, "image_path": IMAGE, "params": "quiet root=/dev/vda1 rw"},
    "devices": [*KINDS.values()],
}
"""Everything set."""


def case(tail: str, title: str, rule: str, config: object) -> Entry:
    """Return a case of `argv` for a configuration."""
    return entry("argv", tail, title, rule, {"config": config})


def _subset(given: frozenset[str]) -> Params:
    config: Params = {"devices": [block(1)]}
    kernel: Params = {}
    if "uuid" in given:
        config["uuid"] = UUID
    if "acpi" in given:
        config["acpi_virt"] = True
    if "memory" in given:
        config["memory"] = {"size": "512M"}
    if "kernel" in given:
        kernel["path"] = KERNEL
    if "params" in given:
        kernel["params"] = "quiet panic=1"
    if "name" in given:
        config["name"] = "guest"
    return {**config, "kernel": kernel} if kernel else config


def _subset_rule(names: list[str]) -> str:
    if "params" in names and "kernel" not in names:
        return "kernel-params-need-kernel"
    if len(names) == 1:
        return _OPTIONS[names[0]][1]
    return "option-order" if names else "empty-option-left-out"


def _subsets() -> Iterator[Entry]:
    for choice in product((False, True), repeat=len(_OPTIONS)):
        names = [name for name, chosen in zip(_OPTIONS, choice, strict=True) if chosen]
        words = ", ".join(_OPTIONS[name][0] for name in names) or "no option"
        yield case(
            f"options-{'-'.join(names) or 'none'}",
            f"A disk with {words} gives just the tokens of these, in their order.",
            _subset_rule(names),
            _subset(frozenset(names)),
        )


_SINGLE = (
    case("uuid-alone", "A UUID is all that stands in the argv.", "uuid-option", {"uuid": UUID}),
    case("acpi-alone", "-A is all that stands in the argv.", "acpi-option", {"acpi_virt": True}),
    case(
        "memory-alone",
        "A memory size is all that stands in the argv.",
        "memory-option",
        {"memory": {"size": "1G"}},
    ),
    case(
        "kernel-alone",
        "A kernel path is all that stands in the argv.",
        "kernel-option",
        {"kernel": {"path": KERNEL}},
    ),
    case(
        "kernel-params-alone",
        "Kernel parameters without a kernel path leave the argv empty.",
        "kernel-params-need-kernel",
        {"kernel": {"params": "quiet"}},
    ),
    case(
        "kernel-image-without-path",
        "A kernel image path does not stand in for the kernel's own path.",
        "kernel-params-need-kernel",
        {"kernel": {"image_path": IMAGE, "params": "quiet"}},
    ),
    case("name-alone", "A name is all that stands in the argv.", "name-argument", {"name": "g"}),
    case(
        "no-argument-fields",
        "The paths of acrn-dm, acrnctl and the image give no token.",
        "fields-without-token",
        {"path": "/p/acrn-dm", "ctl_path": "/p/acrnctl", "kernel": {"image_path": IMAGE}},
    ),
    case(
        "bridge-config",
        "A bridge's config gives no token.",
        "fields-without-token",
        {"devices": [{**KINDS["bridge"], "config": "addr=1"}]},
    ),
    case(
        "serial-names-unused",
        "A console's name gives no token unless the backend is a socket.",
        "console-text",
        {
            "devices": [
                {**KINDS["console"], "name": "unseen", "backend": backend}
                for backend in ("tty", "pty", "file")
            ]
        },
    ),
)

_WHOLE = (
    case(
        "everything",
        "With everything set, the order is UUID, ACPI, memory, devices, kernel, name.",
        "option-order",
        _FULL,
    ),
    case(
        "everything-without-acpi",
        "Without ACPI, all else stays where it is.",
        "acpi-option",
        {**_FULL, "acpi_virt": False},
    ),
    case(
        "everything-empty",
        "A configuration of empty fields gives an empty argv.",
        "empty-option-left-out",
        {
            "path": "",
            "ctl_path": "",
            "name": "",
            "uuid": "",
            "acpi_virt": False,
            "memory": {"size": ""},
            "kernel": {"path": "", "image_path": "", "params": ""},
            "devices": [],
        },
    ),
    case(
        "uuid-empty-acpi-on",
        "An empty UUID leaves out -U and not -A.",
        "empty-option-left-out",
        {**_FULL, "uuid": ""},
    ),
    case(
        "memory-empty",
        "An empty memory size leaves out -m.",
        "empty-option-left-out",
        {**_FULL, "memory": {"size": ""}},
    ),
    case(
        "kernel-params-empty",
        "Empty kernel parameters leave out -B and keep -k.",
        "empty-option-left-out",
        {**_FULL, "kernel": {"path": KERNEL, "image_path": IMAGE, "params": ""}},
    ),
    case(
        "kernel-path-empty",
        "An empty kernel path leaves out -k and -B.",
        "kernel-params-need-kernel",
        {**_FULL, "kernel": {"path": "", "image_path": IMAGE, "params": "quiet"}},
    ),
    case(
        "name-empty",
        "An empty name leaves the end of the argv to the kernel.",
        "empty-option-left-out",
        {**_FULL, "name": ""},
    ),
    case(
        "same-text-everywhere",
        "Tokens of the same text are all kept.",
        "text-unchanged",
        {
            "name": "-k",
            "uuid": "-k",
            "memory": {"size": "-k"},
            "kernel": {"path": "-k", "params": "-k"},
            "devices": [block(0, "-k"), block(1, "-k")],
        },
    ),
    *(
        case(
            f"memory-size-{tail}",
            f"The memory size {size!r} is passed on as it is.",
            "memory-option",
            {"memory": {"size": size}},
        )
        for tail, size in (
            ("gigabytes", "2G"),
            ("small-letter", "512m"),
            ("no-suffix", "1024"),
            ("zero", "0M"),
            ("words", "two gigabytes"),
        )
    ),
)

_ABSENT = (
    entry("argv", "no-params", "Absent configuration gives an empty argv.", "absent-field", {}),
    case("null-config", "A null configuration gives an empty argv.", "absent-field", None),
    case("empty-config", "A configuration without fields gives an empty argv.", "absent-field", {}),
    *(
        case(
            f"null-{field.replace('_', '-')}",
            f"A null {field} is like an empty one.",
            "absent-field",
            {**_FULL, field: None},
        )
        for field in _FULL
    ),
    *(
        case(
            f"absent-{field.replace('_', '-')}",
            f"An absent {field} is like an empty one.",
            "absent-field",
            {key: value for key, value in _FULL.items() if key != field},
        )
        for field in ("acpi_virt", "memory", "kernel", "devices")
    ),
    case(
        "null-inner-fields",
        "Null fields within memory and kernel are like empty ones.",
        "absent-field",
        {
            **_FULL,
            "memory": {"size": None},
            "kernel": {"path": KERNEL, "image_path": None, "params": None},
        },
    ),
    case(
        "null-device-fields",
        "Null numbers and port types of valid devices are zero and serial.",
        "absent-field",
        {
            "devices": [
                {**KINDS["bridge"], "function": None, "config": None},
                {**KINDS["lpc"], "function": None},
                {**KINDS["block"], "index": None},
                {**KINDS["console"], "port_type": None, "name": None},
            ]
        },
    ),
    case(
        "absent-device-fields",
        "Absent numbers and port types of valid devices are zero and serial.",
        "absent-field",
        {
            "devices": [
                {"kind": "bridge", "emul": "hostbridge"},
                {"kind": "lpc", "emul": "lpc"},
                {"kind": "block", "file_path": "/dev/null"},
                {"kind": "console", "backend": "socket", "path": "/run/a.sock"},
                {"kind": "console", "backend": "pty", "path": "/dev/pts/0"},
            ]
        },
    ),
    case(
        "bare-devices",
        "Devices without any field but their kind are not valid.",
        "absent-field",
        {"devices": [*({"kind": kind} for kind in KINDS), KINDS["net"]]},
    ),
)

_UNKNOWN: Params = {"vcpus": 8, "extra": {"name": "x", "devices": [1]}, "note": None, "flag": True}

_UNKNOWNS = (
    entry(
        "argv",
        "unknown-in-params",
        "Unknown fields beside the configuration change nothing.",
        "unknown-field",
        {**_UNKNOWN, "config": _FULL},
    ),
    case(
        "unknown-in-config",
        "Unknown fields in the configuration change nothing.",
        "unknown-field",
        {**_UNKNOWN, **_FULL},
    ),
    case(
        "unknown-in-memory-and-kernel",
        "Unknown fields in memory and kernel change nothing.",
        "unknown-field",
        {
            **_FULL,
            "memory": {**_UNKNOWN, "size": "2048M", "unit": "G"},
            "kernel": {**_UNKNOWN, "path": KERNEL, "params": "quiet", "initrd": "/i"},
        },
    ),
    case(
        "unknown-in-devices",
        "Unknown fields in devices change nothing, not even those of other kinds.",
        "unknown-field",
        {
            "devices": [
                {**_UNKNOWN, **KINDS["console"], "function": 1, "index": 4},
                {**_UNKNOWN, **KINDS["net"], "path": "/p", "backend": "tty"},
                {**_UNKNOWN, **KINDS["block"], "emul": "lpc", "slot": 9},
                {**_UNKNOWN, **KINDS["bridge"], "index": 2, "file_path": "/f"},
                {**_UNKNOWN, **KINDS["lpc"], "mac_address": MAC, "port_type": "other"},
            ]
        },
    ),
)

_INTEGERS = (
    *(
        case(
            f"lpc-function-{tail}",
            f"An LPC bus with function {value} is written with all its digits.",
            "lpc-function-unchecked",
            {"devices": [lpc(value)]},
        )
        for tail, value in INT64_EDGES.items()
    ),
    *(
        case(
            f"block-index-{tail}",
            f"A disk with index {value} is emitted and not recorded.",
            "block-index-beyond-table",
            {"devices": [block(value)]},
        )
        for tail, value in INT64_EDGES.items()
        if value > 0
    ),
    case(
        "block-index-int64-least",
        "A disk with the least index of all is refused.",
        "block-index-negative",
        {"devices": [block(-(2**63))]},
    ),
)

ENTRIES = (*_subsets(), *_SINGLE, *_WHOLE, *_ABSENT, *_UNKNOWNS, *_INTEGERS)
