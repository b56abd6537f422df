"""Cases of `argv` on the options around the devices: order, presence, absent and unknown fields."""

from collections.abc import Iterator, Mapping

from catalogue.build import IMAGE, INT64_EDGES, KERNEL, KINDS, MAC, UUID, block, entry, lpc
from catalogue.entry import Entry, Params

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

_PARAMS_RULE = "kernel-params-need-kernel"
_KERNEL: Params = {"path": KERNEL, "image_path": IMAGE}

_OPTIONS: Mapping[str, tuple[str, str, Params, Params]] = {
    "uuid": ("a UUID", "uuid-option", {"uuid": UUID}, {"uuid": ""}),
    "acpi": ("ACPI", "acpi-option", {"acpi_virt": True}, {"acpi_virt": False}),
    "memory": ("memory", "memory-option", {"memory": {"size": "1G"}}, {"memory": {"size": ""}}),
    "kernel": (
        "a kernel path",
        "kernel-option",
        {"kernel": {"path": KERNEL}},
        {"kernel": {"path": "", "image_path": IMAGE, "params": "quiet"}},
    ),
    "params": (
        "kernel parameters",
        _PARAMS_RULE,
        {"kernel": {"params": "quiet"}},
        {"kernel": {**_KERNEL, "params": ""}},
    ),
    "name": ("a name", "name-argument", {"name": "guest"}, {"name": ""}),
}
"""Each option: how a title calls it, the rule for it, and the fields with it and without it."""


def case(tail: str, title: str, rule: str, config: object) -> Entry:
    """Return a case of `argv` for a configuration."""
    return entry("argv", tail, title, rule, {"config": config})


def _presence() -> Iterator[Entry]:
    for name, (words, rule, alone, without) in _OPTIONS.items():
        outcome = "nothing" if name == "params" else "its own tokens"
        yield case(
            f"only-{name}", f"A configuration of {words} alone gives {outcome}.", rule, alone
        )
        yield case(
            f"only-{name}-and-disk",
            f"A disk beside {words} changes neither's tokens.",
            rule,
            {**alone, "devices": [block(1)]},
        )
        yield case(
            f"all-but-{name}",
            f"Without {words}, all that does not need it stays where it is.",
            _PARAMS_RULE if name == "kernel" else "empty-option-left-out",
            {**_FULL, **without},
        )


_WHOLE = (
    case(
        "everything",
        "With everything set, the order is UUID, ACPI, memory, devices, kernel, name.",
        "option-order",
        _FULL,
    ),
    case(
        "everything-but-devices",
        "Without devices, the kernel follows the memory.",
        "option-order",
        {**_FULL, "devices": []},
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
    case(
        "fields-without-token",
        "The paths of acrn-dm, acrnctl and the image give no token.",
        "fields-without-token",
        {"path": "/p/acrn-dm", "ctl_path": "/p/acrnctl", "kernel": {"image_path": IMAGE}},
    ),
    *(
        case(
            f"memory-size-{tail}",
            f"The memory size {size!r} is passed on as it is.",
            "memory-option",
            {"memory": {"size": size}},
        )
        for tail, size in (("small-letter", "512m"), ("no-suffix", "1024"), ("zero", "0M"))
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
        "Unknown fields in the configuration, memory and kernel change nothing.",
        "unknown-field",
        {
            **_UNKNOWN,
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
    case(
        "other-case-beside",
        "Fields with names in other cases, beside the right ones, are others and change nothing.",
        "field-name-case",
        {
            **_FULL,
            "NAME": "other",
            "Uuid": "",
            "Acpi_Virt": False,
            "memory": {"size": "2048M", "Size": "1M"},
            "Kernel": {"path": "/other"},
            "Devices": [],
        },
    ),
    case(
        "other-case-alone",
        "Fields with names in other cases alone leave the right ones empty.",
        "field-name-case",
        {"name": "guest", "UUID": UUID, "Memory": {"size": "1M"}, "kernel": {"Path": KERNEL}},
    ),
    case(
        "other-case-in-devices",
        "Fields of devices with names in other cases are others and change nothing.",
        "field-name-case",
        {
            "devices": [
                {**KINDS["console"], "Kind": "lpc", "Backend": "tty", "PORT_TYPE": "other"},
                {**KINDS["block"], "INDEX": 5, "File_Path": ""},
                {"kind": "lpc", "Emul": "lpc"},
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
            f"A disk with index {value} is {'not recorded' if value > 0 else 'refused'}.",
            "block-index-beyond-table" if value > 0 else "block-index-negative",
            {"devices": [block(value)]},
        )
        for tail, value in INT64_EDGES.items()
    ),
)

ENTRIES = (*_presence(), *_WHOLE, *_ABSENT, *_UNKNOWNS, *_INTEGERS)
