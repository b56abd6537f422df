"""Which form an input has, and the argvs in it: one after the other is tried until one fits."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import dropwhile
from typing import Final

from acrn_cmdline.source import decoded, pages, pasted
from acrn_cmdline.source.argv import Argv, Place, SourceError
from acrn_cmdline.source.bounds import CALLS, NOTES, SCRIPT
from acrn_cmdline.source.lists import has_heading, listed
from acrn_cmdline.source.logs import logged
from acrn_cmdline.source.process import split
from acrn_cmdline.source.shell import Piece, Text, calls, has_unit, is_unit, lone, started
from acrn_cmdline.source.words import PROGRAM, STARTERS, base, from_words

_MARKS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_CONTROL: Final = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*[mK]")
_QUESTIONS: Final = frozenset({"-h", "--help", "-v", "--version"})
REMEDY: Final = (
    "looked for a call of acrn-dm in a script, a log, a list of processes, a unit and JSON; "
    "to see what a script calls: acrn-conformance capture -- sh launch.sh"
)


def argvs(content: bytes, name: str, values: Mapping[str, str]) -> Iterator[Argv]:
    """Yield the argvs of a whole input, called ``name``. Raises SourceError where there is none.

    It raises it at the end where there may be more than are read. Those of acrnctl are among them,
    and count for none.
    """
    content = _as_utf_8(content, name)
    if not content.strip():
        forms = "a script, a log, a JSON array, NUL-separated words or a shell line"
        raise SourceError(f"{name}: empty; give {forms}")
    error: SourceError | None = None
    if content.lstrip()[:1] in {b"[", b"{"}:
        try:
            yield from decoded.argvs(decoded.value(content, name), Place(name))
        except SourceError as fault:
            if b"not JSON" not in str(fault).encode("utf-8", "replace"):
                raise
            error = fault
        else:
            return
    if b"\0" in content:
        yield from_words(_words(content, name), Place(name))
        return
    found = list(_in_text(content.decode("utf-8", "surrogateescape"), name, values))
    found = list(filter(_is_launch, found)) or found
    if not any(each.program == PROGRAM for each in found):
        raise error or SourceError(f"{name}: no call of acrn-dm found; {REMEDY}")
    left_out = [text for each in found for text in each.left_out]
    if len(found) > CALLS:
        left_out.append(
            f"{name}: more than {CALLS:,} calls; the others are left out: give them apart"
        )
    yield from found[:CALLS]
    if left_out:
        raise SourceError(left_out[-1])


def _is_launch(argv: Argv) -> bool:
    """Tell whether a call starts a VM: it asks for no help, and tells of no usage."""
    if argv.program != PROGRAM:
        return True
    synopsis = any(token.startswith("[-") for token in argv.tokens)
    return not (synopsis or _QUESTIONS.issuperset(argv.tokens))


def _as_utf_8(content: bytes, name: str) -> bytes:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.removeprefix(mark).decode(encoding).encode("utf-8")
            except UnicodeDecodeError:
                raise SourceError(f"{name}: broken {encoding.upper()}; save it as UTF-8") from None
    return content


def _words(content: bytes, name: str) -> list[str]:
    """Return words that end with NUL, unless they are no words at all."""
    words = split(content)
    program = base(words[0]) if words else ""
    if program != PROGRAM and program not in STARTERS:
        text = content[: 1 << 16].replace(b"\0", b" ").decode("utf-8", "surrogateescape")
        if (
            _CONTROL.search(text)
            or not text.strip()
            or (not text.isprintable() and "\udc80" <= max(text) <= "\udcff")
        ):
            raise SourceError(f"{name}: binary data, and no text; {REMEDY}")
    return words


def _in_text(text: str, name: str, values: Mapping[str, str]) -> Iterator[Argv]:
    if _CONTROL.search(text[: 1 << 16]):
        raise SourceError(f"{name}: binary data, and no text; {REMEDY}")
    text, mended = pasted.straightened(_COLOUR.sub(lambda found: " " * len(found[0]), text))
    notes = [f"{name}:{line}: {what}" for line, what in mended[:NOTES]]
    if len(mended) > NOTES:
        notes.append(f"{name}: and {len(mended) - NOTES} more ends of lines of these kinds")
    page = pages.blocks(text, name)
    for block in page or [pages.Block(text)]:
        for each in _in_block(block, name, values, alone=page is None):
            if page is None or _is_launch(each):
                yield each.noted(notes)


def _in_block(
    block: pages.Block, name: str, values: Mapping[str, str], *, alone: bool
) -> Iterator[Argv]:
    """Yield what the first form finds that finds anything; options alone are none of a page's."""
    lines = block.text.split("\n")
    typed = _placed(pasted.commands(block.text), name, block.indent)
    forms: list[Callable[[], Iterator[Argv]]] = [
        lambda: logged(lines, name),
        lambda: _unit(lines, name, values) if is_unit(lines) else iter(()),
        lambda: _shell(typed, values),
        lambda: _unit(lines, name, values) if has_unit(lines) else iter(()),
        lambda: listed(lines, name),
        lambda: lone(typed, values) if alone else iter(()),
    ]
    if has_heading(lines):
        forms.insert(0, lambda: listed(lines, name))
    for form in forms:
        found = list(form())
        if any(each.program == PROGRAM for each in found):
            yield from found
            return


def _unit(lines: list[str], name: str, values: Mapping[str, str]) -> Iterator[Argv]:
    numbered = enumerate(lines, start=1)
    for command in started([Text.known(line, Place(name, n, 1)) for n, line in numbered]):
        yield from calls(command, values)


def _shell(text: Text, values: Mapping[str, str]) -> Iterator[Argv]:
    written = str(text)
    if PROGRAM not in written and "-s" not in written:
        return
    if len(written) > SCRIPT:
        raise SourceError(
            f"{text.place}: over {SCRIPT >> 20} MiB, too long for a script; give the script alone"
        )
    yield from calls(text, values)


def _placed(text: str, name: str, indent: int) -> Text:
    """Return the text of a script, without the indentation that a page has put in front."""
    lines = enumerate(text.split("\n"), start=1)
    written = dropwhile(lambda each: not each[1].strip(), lines)
    pieces = [Piece(f"{line[indent:]}\n", Place(name, n, indent + 1)) for n, line in written]
    if not indent:
        pieces = [Piece(text, Place(name, 1, 1))]
    return Text(tuple(cut for piece in pieces for cut in pasted.opened(*piece[:2]) if cut.text))
