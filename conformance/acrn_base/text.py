"""Text as a person can read it: nothing that a terminal acts upon, and no more than fits."""

LONG = 160
"""Longest stretch of a token that is shown whole; of longer ones the middle is left out."""


def visible(text: str) -> str:
    r"""Return ``text`` with everything but printable characters as escapes.

    Control characters, line separators, direction marks and lone surrogates come out as Python
    writes them in a string, so that nothing an implementation says reaches a terminal as it is. A
    byte that is not UTF-8, which Python holds as a surrogate, is shown as ``\xNN``.
    """
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(c if c.isprintable() and c != "\\" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return ascii(character)[1:-1]


def printable(text: str) -> str:
    """Return ``text`` as it is where that is safe to show, else made visible."""
    return text if text.isprintable() else visible(text)


def counted(number: int, what: str) -> str:
    """Return ``1 case`` or ``2 cases``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def excerpt(text: str, longest: int = LONG) -> str:
    """Return ``text`` made visible, its middle left out where it is longer than ``longest``."""
    if len(text) <= longest:
        return visible(text)
    half = longest // 2
    left_out = len(text) - 2 * half
    return f"{visible(text[:half])}...({left_out} characters)...{visible(text[-half:])}"


def columns(text: str) -> int:
    """Return the cells that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - most texts are ASCII

    return cell_len(text)


def harmless(text: str) -> str:
    """Return lines of text as they are where they are safe to show, each other made visible."""
    if text.isprintable():
        return text
    return "\n".join(map(printable, text.split("\n")))
