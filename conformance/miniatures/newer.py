"""Faults of a newer dialect's adapter: in results, and in what it remembers."""

from collections.abc import Sequence

from acrn_conformance.cases import Request
from miniatures.miniature import Miniature, Result, Stateful, StatefulChange, Twist


def _cut_limits(request: Request, result: Result) -> Result:
    return {**result, "max_guest_cid": (1 << 31) - 1} if request.method == "limits" else result


def _swap_by_default() -> StatefulChange:
    """Refuse a rescan that does not say whether its disk is for swap."""

    def change(request: Request, result: Result | None) -> Result | None:
        silent = request.method == "block_rescan" and request.params.get("swap") is None
        return None if silent else result

    return change


def _index_in_memory() -> StatefulChange:
    """Go on from the index that this process has given last, whatever the file says."""
    given: list[int] = []

    def change(request: Request, result: Result | None) -> Result | None:
        ids = request.params.get("apic_ids")
        if request.method != "next_apic_id" or not isinstance(ids, list) or result is None:
            return result
        index = (given[-1] + 1 if given else 0) % len(ids)
        given.append(index)
        return {"apic_id": ids[index], "stored": str(index)}

    return change


NEWER: Sequence[Miniature] = (
    Twist("limit-of-cids", "The limit of context ids is said to be 2^31-1.", _cut_limits,
          dialect="kata-3"),
    Stateful("swap-by-default", "A rescan that does not speak of swap is one of a swap disk.",
             _swap_by_default, dialect="kata-3"),
    Stateful("index-in-memory", "The index of the last CPU is remembered, and no file is read.",
             _index_in_memory, dialect="kata-3"),
)  # fmt: skip
