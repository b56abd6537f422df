"""Serving a miniature on the wire: the reference's own adapter, with the fault put in."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from acrn_conformance.cases import DIALECTS, Request
from miniatures.miniature import (
    Constant,
    Garbled,
    Miniature,
    Patch,
    Result,
    Stateful,
    StatefulChange,
    Twist,
    Writing,
)
from miniatures.source import module, patched

Answering = Callable[[str, Mapping[str, object]], Result]
Replying = Callable[[bytes], bytes]

_FROM_THE_REFERENCE = ("acrn_arch.", "acrn_conformance.oracle.")


def serve(miniature: Miniature) -> None:
    """Answer requests until the end of standard input, with the miniature's fault."""
    with replying(miniature) as reply:
        from acrn_conformance.oracle import serve  # noqa: PLC0415  (patched by now)

        serve(reply)


@contextmanager
def replying(miniature: Miniature) -> Iterator[Replying]:
    """Give the miniature's reply to a request line.

    Within, the reference and what stands on it are imported anew, with the fault; behind it they
    are again what they were.
    """
    with _imported_anew(), _patched(miniature):
        yield _reply(miniature)


def _reply(miniature: Miniature) -> Replying:
    from acrn_arch import ArchError  # noqa: PLC0415  (patched by now)
    from acrn_conformance.oracle import answer, reply, replying  # noqa: PLC0415  (likewise)

    dialect = DIALECTS[miniature.dialect]
    match miniature:
        case Twist(change=change):
            twisted = _twisted(partial(answer, dialect), change)
            return lambda line: reply(line, twisted)
        case Stateful(begin=begin):
            remembering = _remembering(partial(answer, dialect), begin(), ArchError)
            return lambda line: reply(line, remembering)
        case Garbled(write=write):
            return _garbled(replying(dialect), write)
        case _:
            return replying(dialect)


@contextmanager
def _imported_anew() -> Iterator[None]:
    """Have no module of the reference's and the oracle's, and put back those that there were."""
    before = _taken_out()
    try:
        yield
    finally:
        _taken_out()
        sys.modules.update(before)
        for name, module in before.items():
            parent, _, own = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], own, module)


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if f"{name}.".startswith(_FROM_THE_REFERENCE)]
    return {name: sys.modules.pop(name) for name in names}


@contextmanager
def _patched(miniature: Miniature) -> Iterator[None]:
    """Let the module that a fault is in be found with it."""
    if not isinstance(miniature, Patch | Constant):
        yield
        return
    finder = _Patching(miniature)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def _twisted(answer: Answering, change: Callable[[Request, Result], Result]) -> Answering:
    return lambda method, params: change(Request(method, dict(params)), answer(method, params))


def _remembering(answer: Answering, change: StatefulChange, refusal: type[Exception]) -> Answering:
    def faulty(method: str, params: Mapping[str, object]) -> Result:
        try:
            right: Result | None = answer(method, params)
        except refusal:
            right = None
        wrong = change(Request(method, dict(params)), right)
        if wrong is None:
            raise refusal("refused")
        return wrong

    return faulty


def _garbled(reply: Replying, write: Writing) -> Replying:
    return lambda line: write(line, reply)


class _Patching:
    """Finds the patched module before anybody else does."""

    def __init__(self, fault: Patch | Constant) -> None:
        self._fault = fault

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the module's own spec, with a loader that patches."""
        if name != f"acrn_arch.{module(self._fault)}":
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and spec.origin:
            spec.loader = _Loader(name, spec.origin, self._fault)
        return spec


class _Loader(SourceFileLoader):
    """Loads a module with its source patched, and leaves no trace in the cache of bytecode."""

    def __init__(self, name: str, path: str, fault: Patch | Constant) -> None:
        super().__init__(name, path)
        self._fault = fault

    def get_code(self, fullname: str) -> CodeType:
        """Compile the patched source."""
        source = patched(self._fault, self.get_data(self.path).decode())
        code: CodeType = compile(source, f"{fullname} with {self._fault.name}", "exec")
        return code
