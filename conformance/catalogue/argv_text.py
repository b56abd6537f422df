"""Cases of `argv` on texts: every text that reaches the argv does so unchanged."""

from itertools import product

from acrn_conformance.cases import NUL
from catalogue.argv_options import case
from catalogue.build import KERNEL, LONG_LINE_RULE, UUID, VALID_PORTS, block, bridge, console, net
from catalogue.entry import Params
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
                for backend, port in product(("socket", "tty", "file"), VALID_PORTS)
            ),
            net("tap", text, text),
            net("macvtap", text, text),
            block(0, text),
            block(8, text),
        ],
    }


_UNSEEN = "unseen ,=\"'%s$x\u00e9\u2028\n"

ENTRIES = (
    *(
        case(
            f"text-{name}",
            f"{text.holds} stays as it is in every text of a configuration.",
            LONG_LINE_RULE if name == "long" else _RULE,
            _everywhere(text.value),
        )
        for name, text in TEXTS.items()
    ),
    *(
        case(
            f"text-long-in-{name}",
            f"{TEXTS['long'].holds} stays as it is in {name}.",
            _RULE,
            {name: _everywhere(TEXTS["long"].value)[name]},
        )
        for name in ("name", "uuid", "memory", "kernel", "devices")
    ),
    case(
        "texts-unseen",
        "Texts in fields without a token stay out of the argv.",
        "fields-without-token",
        {
            "path": _UNSEEN,
            "ctl_path": _UNSEEN,
            "kernel": {"path": KERNEL, "image_path": _UNSEEN},
            "devices": [
                bridge(config=_UNSEEN),
                console(_UNSEEN, "pty", "console", _UNSEEN),
                console(_UNSEEN, "tty", "serial", "/dev/ttyS1"),
                console(_UNSEEN, "file", "serial", "/run/log"),
            ],
        },
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
    case(
        "name-of-16",
        "A name one longer than newer releases allow is kept whole.",
        _RULE,
        {"name": "sandbox-12345678"},
    ),
    case(
        "kernel-params-many",
        "Kernel parameters of a thousand words are one token.",
        _RULE,
        {"kernel": {"path": KERNEL, "params": " ".join(f"k{n}=v" for n in range(1000))}},
    ),
    case(
        "nul-in-name",
        "A NUL in the name is passed on, or refused.",
        NUL.rule,
        {"name": "a\0b", "uuid": UUID},
    ),
    case(
        "nul-in-path",
        "A NUL at the end of a disk's path is passed on, or refused.",
        NUL.rule,
        {"devices": [bridge(), block(1, "/dev/null\0")]},
    ),
)
