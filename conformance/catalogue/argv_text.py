"""Cases of `argv` on texts: every text that reaches the argv does so unchanged."""

from collections.abc import Iterator, Mapping
from itertools import product

from catalogue.argv_options import case
from catalogue.build import KERNEL, NUL_RULE, UUID, block, bridge, console, net
from catalogue.entry import Entry, Params
from catalogue.texts import TEXTS

_RULE = "text-unchanged"


def _everywhere(text: str) -> Params:
    """Return a configuration with ``text`` in every field that reaches the argv."""
    return {
        "name": text,
        "uuid": text,
        "memory": {"size": text},
        "kernel": {"path": text, "params": text},
        "devices": [
            *(
                console(text, backend, port, text)
                for backend, port in product(("socket", "tty", "file"), ("console", "serial"))
            ),
            net("tap", text, text),
            net("macvtap", text, text),
            block(0, text),
            block(8, text),
        ],
    }


_MEDLEY = " ,a=\"B'\\%s$x`{}<&>\u00e9e\u0301\u2028\U0001f600\t-\n"
"""Much at once, for one field at a time."""

_FIELDS: Mapping[str, tuple[str, Params]] = {
    "name": ("name", {"name": _MEDLEY}),
    "uuid": ("UUID", {"uuid": _MEDLEY}),
    "memory": ("memory size", {"memory": {"size": _MEDLEY}}),
    "kernel-path": ("kernel path", {"kernel": {"path": _MEDLEY, "params": "quiet"}}),
    "kernel-params": ("kernel parameters", {"kernel": {"path": KERNEL, "params": _MEDLEY}}),
    "socket-name": ("name of a socket", {"devices": [console(name=_MEDLEY)]}),
    "socket-path": ("path of a socket", {"devices": [console(path=_MEDLEY)]}),
    "tty-path": ("path of a tty", {"devices": [console(backend="tty", path=_MEDLEY)]}),
    "file-path": ("path of a console file", {"devices": [console(backend="file", path=_MEDLEY)]}),
    "tap-name": ("name of a tap", {"devices": [net(if_name=_MEDLEY)]}),
    "tap-mac": ("MAC address of a tap", {"devices": [net(mac_address=_MEDLEY)]}),
    "macvtap-name": ("name of a macvtap", {"devices": [net("macvtap", _MEDLEY)]}),
    "macvtap-mac": ("MAC address of a macvtap", {"devices": [net("macvtap", "m", _MEDLEY)]}),
    "disk-path": ("path of a disk", {"devices": [bridge(), block(8, _MEDLEY)]}),
}

_UNSEEN = {
    "path": _MEDLEY,
    "ctl_path": _MEDLEY,
    "kernel": {"path": KERNEL, "image_path": _MEDLEY},
    "devices": [
        bridge(config=_MEDLEY),
        console(_MEDLEY, "pty", "console", _MEDLEY),
        console(_MEDLEY, "tty", "serial", "/dev/ttyS1"),
        console(_MEDLEY, "file", "serial", "/run/log"),
    ],
}


def _all() -> Iterator[Entry]:
    for name, text in TEXTS.items():
        yield case(
            f"text-{name}",
            f"{text.holds} stays as it is in every text of a configuration.",
            _RULE,
            _everywhere(text.value),
        )
    for name, (words, config) in _FIELDS.items():
        yield case(
            f"medley-{name}",
            f"A medley of characters stays as it is in the {words}.",
            _RULE,
            config,
        )


_SPECIAL = (
    case(
        "medley-unseen",
        "A medley of characters in fields without a token stays out of the argv.",
        "fields-without-token",
        _UNSEEN,
    ),
    case(
        "socket-without-name",
        "A socket without a name keeps its place before the equals sign empty.",
        "console-text",
        {"devices": [console(name=""), console(name="", port_type="serial")]},
    ),
    case(
        "uuid-upper-case",
        "A UUID in upper case is not changed to lower case.",
        _RULE,
        {"uuid": UUID.upper()},
    ),
    case(
        "mac-any-form",
        "A MAC address is not looked at and not rewritten.",
        _RULE,
        {
            "devices": [
                net(mac_address=mac)
                for mac in ("02-42-AC-11-00-02", "0242.ac11.0002", "2:42:AC:11:0:2", "none")
            ]
        },
    ),
    case(
        "names-of-many-lengths",
        "Interface names of 15, 16, 63, 64, 127, 128, 255 and 256 characters are kept whole.",
        _RULE,
        {"devices": [net("tap", "t" * size) for size in (15, 16, 63, 64, 127, 128, 255, 256)]},
    ),
    *(
        case(
            f"name-of-{size}", f"A name of {size} characters is kept whole.", _RULE, {"name": name}
        )
        for size in (15, 16, 31, 32, 63, 64, 127, 128, 255, 256)
        for name in ["n" * (size - 1) + "z"]
    ),
    case(
        "kernel-params-many",
        "Kernel parameters of two thousand words are one token.",
        _RULE,
        {"kernel": {"path": KERNEL, "params": " ".join(f"k{n}=v" for n in range(2000))}},
    ),
    case(
        "nul-in-name",
        "A NUL in the name is passed on, or refused.",
        NUL_RULE,
        {"name": "a\0b", "uuid": UUID},
    ),
    case(
        "nul-in-path",
        "A NUL at the end of a disk's path is passed on, or refused.",
        NUL_RULE,
        {"devices": [bridge(), block(1, "/dev/null\0")]},
    ),
)

ENTRIES = (*_all(), *_SPECIAL)
