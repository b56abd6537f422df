"""Output of commands that only make text: echo, printf, basename, dirname, which."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.shell.arithmetic import whole
from acrn_cmdline.source.shell.text import NOTHING, Text

_ESCAPES: Final = {"\\n": "\n", "\\t": "\t", "\\r": "\r", "\\\\": "\\", "\\a": "\a", '\\"': '"'}
_DIRECTIVE: Final = re.compile(
    r"%%|%[-+ #0]{0,5}\d{0,3}(?:\.\d{1,3})?[sdiuoxX]|\\.|[^%\\]+|.", re.DOTALL
)

SILENT: Final = frozenset(
    (
        *(":", "[", "[[", "acrnctl", "alias", "brctl", "cd", "chmod", "chown", "cp", "declare"),
        *("disown", "export", "false", "ifconfig", "insmod", "ip", "kill", "killall", "let", "ln"),
        *(
            "local",
            "logger",
            "mkdir",
            "mkfifo",
            "modprobe",
            "mount",
            "mv",
            "pkill",
            "popd",
            "pushd",
        ),
        *("read", "readonly", "rm", "rmdir", "rmmod", "set", "shift", "shopt", "sleep", "stty"),
        *("sync", "test", "touch", "trap", "true", "ulimit", "umask", "umount", "unset", "wait"),
    )
)
"""Commands that print nothing when all goes well."""

Printer = Callable[[Sequence[Text], Place], Text | None]


def _echo(words: Sequence[Text], place: Place) -> Text:
    texts, end, escapes = list(words), "\n", False
    while texts and re.fullmatch("-[neE]+", str(texts[0])):
        option = str(texts.pop(0))
        end = "" if "n" in option else end
        escapes = escapes or "e" in option
    line = Text.joined(texts, Text.known(" ", place))
    return (_escaped(line) if escapes else line) + Text.known(end, place)


def _escaped(text: Text) -> Text:
    kept = NOTHING
    for found in re.finditer(r"\\.|[^\\]+|\\", str(text), re.DOTALL):
        part = text.cut(*found.span())
        new = _ESCAPES.get(found[0])
        kept += part if new is None or part.place is None else Text.known(new, part.place)
    return kept


def _printf(words: Sequence[Text], place: Place) -> Text | None:
    if words and str(words[0]) == "--":
        words = words[1:]
    if not words or words[0].certain is None:
        return None
    form, values = words[0], list(words[1:])
    printed = NOTHING
    while True:
        taken = len(values)
        for found in _DIRECTIVE.finditer(str(form)):
            part = form.cut(*found.span())
            if found[0] == "%%":
                part = part.cut(1)
            elif found[0] == "%":
                return None
            elif found[0][0] == "%":
                value = values.pop(0) if values else NOTHING
                part = _formatted(found[0], value, place)
            elif found[0][0] == "\\":
                part = Text.known(_ESCAPES.get(found[0], found[0]), place)
            printed += part
        if not values or len(values) == taken:
            return printed


def _formatted(directive: str, value: Text, place: Place) -> Text:
    """Return a value as a directive writes it; one that is not known stays as it is."""
    known = value.certain
    if directive == "%s" or known is None:
        return value
    if directive[-1] == "s":
        return Text.known(directive % known, value.place or place)
    number = whole(known.strip() or "0")
    written = known if number is None else directive.replace("i", "d").replace("u", "d") % number
    return Text.known(written, value.place or place)


def _basename(words: Sequence[Text], place: Place) -> Text | None:
    names = [word.certain for word in words]
    match names:
        case [str(name)]:
            return Text.known(name.rstrip("/").rpartition("/")[2] + "\n", place)
        case [str(name), str(suffix)]:
            whole = name.rstrip("/").rpartition("/")[2]
            return Text.known(whole.removesuffix(suffix) + "\n", place)
    return None


def _dirname(words: Sequence[Text], place: Place) -> Text | None:
    name = words[0].certain if len(words) == 1 else None
    if name is None:
        return None
    return Text.known((name.rpartition("/")[0] or (".", "/")[name.startswith("/")]) + "\n", place)


def _which(words: Sequence[Text], _place: Place) -> Text | None:
    """Print the program looked for: in which folder it is matters to no argv."""
    names = [word for word in words if not str(word).startswith("-")]
    return names[0] if len(names) == 1 else None


def _cat(words: Sequence[Text], _place: Place) -> Text | None:
    return None if words else NOTHING


PRINTERS: Final[Mapping[str, Printer]] = {
    "basename": _basename,
    "cat": _cat,
    "dirname": _dirname,
    "echo": _echo,
    "printf": _printf,
    "type": _which,
    "which": _which,
}
"""By command; None is returned for what is not certain."""
