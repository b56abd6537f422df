"""The parser of a command: it finds where a foreign command begins, and says errors in a line."""

import argparse
import os
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NoReturn, TypeVar

_E = TypeVar("_E", bound=StrEnum)

_UNKNOWN = "unrecognized arguments: "
_WIDTH = 80


class _Formatter(argparse.HelpFormatter):
    """As argparse's, which is made anew for each option that is declared, but without shutil.

    To import that, for the width of the terminal, would be a twentieth of lint's time.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width() - 2)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors name the command, what is wrong, and the remedy.

    ``begins`` tells whether a word that is no option begins a foreign command: what follows is that
    command's own, as if -- stood before it. Behind the options of ``printing``, which print in
    place of a report, a - may stand as behind those that take a file.
    """

    begins: Callable[[str], bool] | None = None
    printing: Collection[str] = ()

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog, description=description, formatter_class=_Formatter)

    def parse_known_args(  # type: ignore[override]  # argparse's own is a pair of overloads
        self,
        args: Sequence[str] | None = None,
        namespace: argparse.Namespace | None = None,
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse; words that mean nothing are an error of the command that they were given to."""
        words = list(sys.argv[1:] if args is None else args)
        options, unknown = super().parse_known_args(
            self._separated(self._without_stdout(words)), namespace
        )
        if unknown:
            self.error(_UNKNOWN + unknown[0])
        return options, []

    def error(self, message: str) -> NoReturn:
        """Print the usage and one line, and exit with status 2."""
        self.print_usage(sys.stderr)
        if message.startswith(_UNKNOWN):
            message = self._unknown(message.removeprefix(_UNKNOWN))
        self.exit(2, f"{self.prog}: {message} ({self.prog} --help tells more)\n")

    def _unknown(self, word: str) -> str:
        what = "option" if word.startswith("-") else "use for"
        near = nearest(word.partition("=")[0], self._option_string_actions)
        return f"no {what} {word!a}" + (f"; did you mean {near}?" if near else "")

    def _without_stdout(self, words: list[str]) -> list[str]:
        """Return the words without each - that names standard output where it is meant anyway."""
        own = words.index("--") if "--" in words else len(words)
        kept = [
            word
            for before, word in pairwise(["", *words[:own]])
            if word != "-" or before not in self.printing
        ]
        return kept + words[own:]

    def _separated(self, words: list[str]) -> list[str]:
        """Return the words with -- before the foreign command, for who left it out."""
        position, listing = 0, False
        while self.begins and position < len(words) and words[position] != "--":
            word = words[position]
            if word.startswith("-") and word != "-":
                takes = self._takes(word)
                position += 1 if takes in (0, "*") else 2
                # What takes several values takes all words up to a -- that is there.
                listing = takes == "*" or (takes == "+" and "--" in words[position:])
            elif not listing and self.begins(word):
                return [*words[:position], "--", *words[position:]]
            else:
                position += 1
        return words

    def _takes(self, word: str) -> int | str | None:
        """Return how many words stand behind an option: argparse's ``nargs``, 0 where none do."""
        name, equals, _ = word.partition("=")
        known = [option for option in self._option_string_actions if option.startswith(name)]
        exact = name if name in known else known[0] if len(known) == 1 else ""
        return 0 if equals or not exact else self._option_string_actions[exact].nargs


def one_of(kind: type[_E]) -> Callable[[str], _E]:
    """Return a function from a word to a value of an enumeration, for an option.

    argparse would speak of an invalid Mode value, and name none that is valid.
    """

    def read(word: str) -> _E:
        try:
            return kind(word)
        except ValueError:
            near = nearest(word, kind)
            hint = f"did you mean {near}?" if near else f"choose from {', '.join(kind)}"
            raise argparse.ArgumentTypeError(f"{word!a} is no choice; {hint}") from None

    return read


def _width() -> int:
    """Return the width of the terminal, as shutil finds it."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(1).columns or _WIDTH
    except OSError:
        return _WIDTH


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the name that a word was probably meant for, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who errs pays for it

    return next(iter(get_close_matches(word, [*names], 1)), "")
