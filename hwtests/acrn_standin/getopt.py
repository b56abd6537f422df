"""GNU getopt_long, as far as acrn-dm uses it: permuted arguments, abbreviated long options."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """An option by its long name and its letter, one of which may be missing."""

    name: str
    letter: str
    takes_value: bool

    def __str__(self) -> str:
        return f"-{self.letter}" if self.letter else f"--{self.name}"


@dataclass(frozen=True, slots=True)
class Given:
    """An option as given; the value is empty where it takes none."""

    option: Option
    value: str


class GetoptError(Exception):
    """An option is unknown, ambiguous or lacks its value; the text is GNU getopt's."""


def given(argv: Sequence[str], options: Sequence[Option]) -> Iterator[Given | str]:
    """Yield options and operands in their order, each option as soon as it is read.

    Lazily: acrn-dm acts on an option before it reads the next. Raises GetoptError.
    """
    rest = iter(argv)
    for word in rest:
        if word == "--":
            yield from rest
        elif word.startswith("--"):
            yield _long(word[2:], rest, options)
        elif word.startswith("-") and word != "-":
            yield from _cluster(word[1:], rest, options)
        else:
            yield word


def _long(word: str, rest: Iterator[str], options: Sequence[Option]) -> Given:
    written, equals, value = word.partition("=")
    option = _completed(written, word, options)
    if not option.takes_value:
        if equals:
            raise GetoptError(f"option '--{option.name}' doesn't allow an argument")
        return Given(option, "")
    if equals:
        return Given(option, value)
    try:
        return Given(option, next(rest))
    except StopIteration:
        raise GetoptError(f"option '--{option.name}' requires an argument") from None


def _completed(written: str, word: str, options: Sequence[Option]) -> Option:
    named = [option for option in options if option.name]
    candidates = [option for option in named if option.name.startswith(written)]
    exact = [option for option in candidates if option.name == written]
    match exact or candidates:
        case [option]:
            return option
        case []:
            raise GetoptError(f"unrecognized option '--{word}'")
        case _:
            possible = " ".join(f"'--{option.name}'" for option in candidates)
            raise GetoptError(f"option '--{word}' is ambiguous; possibilities: {possible}")


def _cluster(letters: str, rest: Iterator[str], options: Sequence[Option]) -> Iterator[Given]:
    while letters:
        letter, letters = letters[0], letters[1:]
        option = next((option for option in options if option.letter == letter), None)
        if option is None:
            raise GetoptError(f"invalid option -- '{letter}'")
        if not option.takes_value:
            yield Given(option, "")
        elif letters:
            yield Given(option, letters)
            return
        else:
            yield Given(option, _next_value(letter, rest))


def _next_value(letter: str, rest: Iterator[str]) -> str:
    try:
        return next(rest)
    except StopIteration:
        raise GetoptError(f"option requires an argument -- '{letter}'") from None
