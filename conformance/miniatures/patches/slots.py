"""Faults in which slot a device gets, and in which order devices come."""

from miniatures.miniature import Patch

_EACH = "    for device in devices:\n"
_RESERVED = "if slot == RESERVED_SLOT:"
_INVALID = "        if not device.valid():\n            continue\n"


def _each(name: str, what: str, expression: str) -> Patch:
    return Patch(name, what, "config.placed", _EACH, f"    for device in {expression}:\n")


def _by(key: str) -> str:
    return f"sorted(devices, key=lambda device: {key})"


PATCHES = (
    Patch(
        "reserved-slot-used",
        "A device is put on slot 2.",
        "config.placed",
        _RESERVED,
        "if False:",
    ),
    Patch(
        "reserved-slot-three",
        "Slot 3 is kept free in place of slot 2.",
        "config.placed",
        _RESERVED,
        "if slot == 3:",
    ),
    Patch(
        "slot-three-free-too",
        "Slot 3 is kept free as well as slot 2.",
        "config.placed",
        _RESERVED,
        "while slot in (2, 3):",
    ),
    Patch(
        "slots-from-one",
        "The first device sits on slot 1.",
        "config.placed",
        "    slot = 0\n",
        "    slot = 1\n",
    ),
    Patch(
        "invalid-takes-a-slot",
        "An invalid device uses up a slot.",
        "config.placed",
        _INVALID,
        "        if not device.valid():\n            slot += 1\n            continue\n",
    ),
    Patch(
        "invalid-takes-slot-three",
        "An invalid device behind the one on slot 1 uses up slot 3.",
        "config.placed",
        _INVALID,
        _INVALID.replace("continue", "slot += 2 * (slot == 2)\n            continue"),
    ),
    Patch(
        "invalid-ends-the-list",
        "Devices behind an invalid one are lost.",
        "config.placed",
        _INVALID,
        "        if not device.valid():\n            break\n",
    ),
    Patch(
        "first-device-unchecked",
        "The first device is emitted even if it is invalid.",
        "config.placed",
        "if not device.valid():",
        "if slot and not device.valid():",
    ),
    Patch(
        "slots-end-at-31",
        "Devices beyond slot 31 are lost.",
        "config.placed",
        _EACH,
        _EACH + "        if slot > 31:\n            break\n",
    ),
    Patch(
        "slots-wrap-at-32",
        "Behind slot 31 comes slot 0.",
        "config.placed",
        "yield slot, device",
        "yield slot % 32, device",
    ),
    _each("thirty-two-devices", "No more than 32 devices are looked at.", "devices[:32]"),
    _each("equal-devices-once", "Of equal devices only the first stays.", "dict.fromkeys(devices)"),
    _each(
        "equal-neighbours-once",
        "Of equal devices side by side only the last stays.",
        "[d for n, d in enumerate(devices) if d not in devices[n + 1 : n + 2]]",
    ),
    _each("devices-reversed", "Devices come in reverse order.", "reversed(devices)"),
    _each(
        "disks-by-index",
        "Disks come in the order of their indices.",
        _by("getattr(device, 'index', 0)"),
    ),
)
