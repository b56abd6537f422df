"""Serving a miniature on the wire: the reference's own adapter, with the fault put in."""

import sys
from collections.abc import Callable, Mapping, Sequence
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


def serve(miniature: Miniature) -> None:
    """Answer requests until the end of standard input, with the miniature's fault."""
    if isinstance(miniature, Patch | Constant):
        sys.meta_path.insert(0, _Patching(miniature))

    from acrn_arch import ArchError  # noqa: PLC0415  (patched by now)
    from acrn_conformance.oracle import answer, reply, replying, serve  # noqa: PLC0415  (likewise)

    dialect = DIALECTS[miniature.dialect]
    match miniature:
        case Twist(change=change):
            twisted = _twisted(partial(answer, dialect), change)
            serve(lambda line: reply(line, twisted))
        case Stateful(begin=begin):
            remembering = _remembering(partial(answer, dialect), begin(), ArchError)
            serve(lambda line: reply(line, remembering))
        case Garbled(write=write):
            serve(_garbled(replying(dialect), write))
        case _:
            serve(replying(dialect))


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


def _garbled(reply: Callable[[bytes], bytes], write: Writing) -> Callable[[bytes], bytes]:
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
