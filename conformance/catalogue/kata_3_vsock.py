"""The vsock of kata-3, over which the runtime talks to the guest's agent."""

from collections.abc import Mapping

from catalogue.build import INVALID, KINDS, block, bridge, net
from catalogue.kata_3_build import entry, vsock, vsock_step

_GREATEST = (1 << 32) - 1
_IDS: Mapping[int, str] = {
    0: "is the hypervisor's",
    1: "is reserved",
    2: "is the host's",
    3: "is the first of a guest",
    4: "is a guest's",
    1 << 31: "is a guest's",
    _GREATEST - 1: "is a guest's",
    _GREATEST: "is the last of all",
    1 << 32: "is beyond the last",
    (1 << 32) + 3: "is beyond the last, though its lower half is a guest's",
    1 << 53: "is beyond the last",
    (1 << 64) - 1: "is beyond the last",
}

_VALID = tuple(
    entry(
        "device_valid",
        f"vsock-valid-{cid}",
        f"The context id {cid} {what}, so that the vsock is {'valid' if valid else 'not valid'}.",
        "kata-3-vsock-valid",
        {"device": vsock(cid)},
    )
    for cid, what in _IDS.items()
    for valid in (3 <= cid <= _GREATEST,)
)

_TEXTS = tuple(
    entry(
        "device_params",
        f"vsock-text-{cid}",
        f"The context id {cid} is written by its lower 32 bits.",
        "kata-3-vsock-cut" if cid > _GREATEST else "kata-3-vsock-text",
        {"device": vsock(cid), "slot": 13},
    )
    for cid in _IDS
) + tuple(
    entry(
        "device_params",
        f"vsock-slot-{slot}",
        f"A vsock asked for slot {slot} is written for slot {slot}.",
        "given-slot",
        {"device": vsock(), "slot": slot},
    )
    for slot in (0, 2, 31, 32)
)


_LISTS = (
    *(
        entry(
            "argv",
            f"vsock-{'before' if first else 'behind'}-{kind}",
            f"A vsock {'before' if first else 'behind'} a {kind} takes a slot as others do.",
            "slots-in-order",
            {"config": {"devices": [vsock(), device] if first else [device, vsock()]}},
        )
        for kind, device in KINDS.items()
        for first in (True, False)
    ),
    *(
        entry(
            "argv",
            f"vsock-behind-invalid-{tail}",
            f"A vsock moves up to the slot of what is not valid ({tail}).",
            "invalid-device-dropped",
            {"config": {"devices": [bridge(), device, vsock(), block(1)]}},
        )
        for tail, device in INVALID.items()
    ),
    entry(
        "argv",
        "vsock-alone",
        "A vsock alone sits on slot 0.",
        "kata-3-vsock-text",
        {"config": {"devices": [vsock()]}},
    ),
    entry(
        "argv",
        "vsock-behind-two",
        "A vsock behind two devices sits on slot 3.",
        "reserved-slot",
        {"config": {"devices": [bridge(), net(), vsock()]}},
    ),
    entry(
        "argv",
        "vsock-on-31",
        "A vsock behind 30 devices sits on slot 31.",
        "slots-in-order",
        {"config": {"devices": [*[net()] * 30, vsock()]}},
    ),
    entry(
        "argv",
        "vsocks-two",
        "Two vsocks, of one context id even, are two devices.",
        "device-order",
        {"config": {"devices": [vsock(), vsock(), vsock(4)]}},
    ),
    entry(
        "argv",
        "vsock-invalid",
        "A vsock that is not valid takes no slot, wherever it stands.",
        "invalid-device-dropped",
        {"config": {"devices": [vsock(2), bridge(), vsock(0), net(), vsock(1 << 32), block(1)]}},
    ),
    entry(
        "argv",
        "vsock-invalid-at-reserved-slot",
        "A vsock that is not valid, where slot 2 would be, skips no slot twice.",
        "reserved-slot",
        {"config": {"devices": [bridge(), net(), vsock(2), block(1)]}},
    ),
    entry(
        "argv",
        "vsock-no-disk",
        "A vsock leaves the block table alone.",
        "block-table",
        {"config": {"devices": [bridge(), vsock(), block(0), vsock(5), block(3)]}},
    ),
    entry(
        "argv",
        "vsock-bare",
        "A vsock without a context id is not valid.",
        "absent-field",
        {"config": {"devices": [{"kind": "vsock"}, {"kind": "vsock", "context_id": None}]}},
    ),
)

_STEPS = (
    entry(
        "append_devices",
        "append-vsock",
        "The step vsock adds a vsock with its context id.",
        "kata-3-append-vsock",
        {"devices": [], "steps": [vsock_step(77)]},
    ),
    entry(
        "append_devices",
        "append-vsock-invalid",
        "The step vsock adds one that is not valid too.",
        "kata-3-append-vsock",
        {"devices": [bridge()], "steps": [vsock_step(2), vsock_step(0)]},
    ),
    entry(
        "append_devices",
        "append-vsock-beyond",
        "The step vsock keeps a context id beyond the last as it is.",
        "kata-3-append-vsock",
        {"devices": [], "steps": [vsock_step((1 << 32) + 3)]},
    ),
    entry(
        "append_devices",
        "append-vsock-between",
        "A vsock stands where its step does.",
        "append-order",
        {
            "devices": [vsock(9)],
            "steps": [{"append": "bridges"}, vsock_step(4), {"append": "lpc"}, vsock_step(4)],
        },
    ),
    entry(
        "append_devices",
        "append-vsock-bare",
        "A step vsock without a context id adds one with 0.",
        "absent-field",
        {"devices": [], "steps": [{"append": "vsock"}]},
    ),
)

ENTRIES = (*_VALID, *_TEXTS, *_LISTS, *_STEPS)
