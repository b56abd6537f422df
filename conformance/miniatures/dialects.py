"""Faults of kata-3 and acrn-3 in single results, and in what is kept between requests."""

import json
from collections.abc import Callable, Sequence

from acrn_conformance.cases import ACRN_3, KATA_3, Request
from miniatures.miniature import Change, Miniature, Result, Stateful, StatefulChange, Twist


def _of(method: str, **fields: object) -> Change:
    """Give a method's result other values."""
    return lambda request, result: {**result, **fields} if request.method == method else result


def _refusing(condition: Callable[[Request], bool]) -> Callable[[], StatefulChange]:
    """Refuse on a condition."""
    return lambda: lambda request, result: None if condition(request) else result


def _index_kept() -> StatefulChange:
    """Without a file go on from the index that was given last."""
    last: list[int] = []

    def change(request: Request, result: Result | None) -> Result | None:
        ids = request.params.get("apic_ids")
        if request.method != "next_apic_id" or not isinstance(ids, list) or result is None:
            return result
        if last and request.params.get("stored") is None:
            index = (last.pop() + 1) % len(ids)
            result = {"apic_id": ids[index], "stored": str(index)}
        last.append(int(str(result["stored"])))
        return result

    return change


def _without(field: str) -> Callable[[], StatefulChange]:
    """Answer as to the first request that is the same but for the values of a field."""

    def begin() -> StatefulChange:
        first: dict[str, Result | None] = {}

        def change(request: Request, result: Result | None) -> Result | None:
            asked = json.dumps([request.method, _stripped(request.params, field)], sort_keys=True)
            return first.setdefault(asked, result) if "argv" in request.method else result

        return change

    return begin


def _stripped(value: object, field: str) -> object:
    if isinstance(value, dict):
        return {name: _stripped(of, field) for name, of in value.items() if name != field}
    return [_stripped(item, field) for item in value] if isinstance(value, list) else value


def _has_one(ids: object) -> bool:
    return isinstance(ids, list) and len(ids) == 1


def _is_rescan(request: Request, *, with_swap: bool) -> bool:
    return request.method == "block_rescan" and ("swap" in request.params) == with_swap


_KATA_3: Sequence[Miniature] = (
    Twist("least-cid-of-2", "The least context id is said to be 2.",
          _of("limits", min_guest_cid=2), dialect=KATA_3.name),
    Twist("greatest-cid-signed", "The greatest context id is said to be 2^31-1.",
          _of("limits", max_guest_cid=(1 << 31) - 1), dialect=KATA_3.name),
    Twist("cpu-missing-of-one", "Of a single CPU the id is not given.",
          lambda request, result: {**result, "apic_id": ""}
          if request.method == "next_apic_id" and _has_one(request.params.get("apic_ids"))
          else result, dialect=KATA_3.name),
    Stateful("swap-by-default", "A rescan that does not speak of swap is one of a swap disk.",
             _refusing(lambda r: _is_rescan(r, with_swap=False)), dialect=KATA_3.name),
    Stateful("swap-spoken-of", "A rescan that speaks of swap at all is refused.",
             _refusing(lambda r: _is_rescan(r, with_swap=True)), dialect=KATA_3.name),
    Stateful("cpu-index-kept", "Without a file the index goes on from the one given last.",
             _index_kept, dialect=KATA_3.name),
    Stateful("memo-without-cid", "Guests that differ in a context id alone get the same argv.",
             _without("context_id"), dialect=KATA_3.name),
    Stateful("memo-without-cpu", "Guests that differ in their CPUs alone get the same argv.",
             _without("apic_id"), dialect=KATA_3.name),
)  # fmt: skip

_ACRN_3: Sequence[Miniature] = (
    Twist("acrn-3-limit-of-kata-3", "The greatest context id is said to be 2^32-1.",
          _of("limits", max_guest_cid=(1 << 32) - 1), dialect=ACRN_3.name),
)  # fmt: skip

OF_DIALECTS: Sequence[Miniature] = (*_KATA_3, *_ACRN_3)
