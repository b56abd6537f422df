"""Faults of kata-3 in the agent's vsock: when it is valid, its text, and its place."""

from acrn_conformance.cases import KATA_3
from miniatures.miniature import Patch

_CUT = "self.context_id & 0xFFFFFFFF"
_LEAST = "LEAST_CID <="
_GREATEST = "<= self.greatest"
_TEXT = "{slot},vhost-vsock,cid="
_GIVEN = "    for device in devices:\n"
_TAKEN = "        yield slot, device\n        slot += 1\n"
_STEPS = "for step in self.steps:"
_APPENDED = "return (*devices, step)"
_IS_VSOCK = 'hasattr({}, "context_id")'


def _valid(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "devices.Vsock.valid", old, new, dialect=KATA_3.name)


def _text(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "devices.Vsock.params", old, new, dialect=KATA_3.name)


def _placed(name: str, what: str, old: str, new: str) -> Patch:
    text = new.replace("VSOCK", _IS_VSOCK.format("device"))
    return Patch(name, what, "config.placed", old, text, dialect=KATA_3.name)


def _steps(name: str, what: str, new: str) -> Patch:
    text = new.replace("VSOCK", _IS_VSOCK.format("step"))
    return Patch(name, what, "sandbox.Sandbox._devices", _STEPS, text, dialect=KATA_3.name)


def _append(name: str, what: str, new: str) -> Patch:
    return Patch(name, what, "sandbox.append", _APPENDED, new, dialect=KATA_3.name)


PATCHES = (
    _valid("vsock-from-2", "A vsock is valid from the id 2 up, which is the host's.", _LEAST,
           "2 <="),
    _valid("vsock-from-0", "A vsock is valid from the id 0 up.", _LEAST, "0 <="),
    _valid("vsock-above-3", "A vsock with the id 3 is invalid.", _LEAST, "LEAST_CID <"),
    _valid("vsock-to-2-31", "A vsock is valid to the id 2^31-1.", _GREATEST, "< 1 << 31"),
    _valid("vsock-below-greatest", "A vsock with the id 2^32-1 is invalid.", _GREATEST,
           "< self.greatest"),
    _valid("vsock-to-2-32", "A vsock with the id 2^32 is valid.", _GREATEST, "<= 1 << 32"),
    _valid("vsock-without-bound", "A vsock is valid with any id from 3 up.", f" {_GREATEST}", ""),
    _valid("vsock-cut-first", "The id is cut to 32 bits before it is looked at.",
           "self.context_id", _CUT),
    _text("vsock-not-cut", "An id beyond 32 bits is written whole.", _CUT, "self.context_id"),
    _text("vsock-signed", "An id from 2^31 up is written as a negative number.", _CUT,
          f"({_CUT} ^ 0x80000000) - 0x80000000"),
    _text("vsock-saturated", "An id beyond 32 bits is written as the greatest.", _CUT,
          "min(self.context_id, 0xFFFFFFFF)"),
    _text("vsock-hexadecimal", "The id is hexadecimal.", _CUT, f"{_CUT}:#x"),
    _text("vsock-without-cid", "The id stands without cid=.", _TEXT, "{slot},vhost-vsock,"),
    _text("vsock-guest-cid", "The id is called guest-cid, as QEMU does.", _TEXT,
          "{slot},vhost-vsock,guest-cid="),
    _text("vsock-of-virtio", "The device is called virtio-vsock.", _TEXT,
          "{slot},virtio-vsock,cid="),
    _text("vsock-with-function", "A vsock's slot has a function.", _TEXT,
          "{slot}:0,vhost-vsock,cid="),
    _placed("vsock-takes-no-slot", "The device behind a vsock has its slot.", _TAKEN,
            "        yield slot, device\n        slot += not VSOCK\n"),
    _placed("vsock-takes-two-slots", "The slot behind a vsock is left free.", _TAKEN,
            "        yield slot, device\n        slot += 1 + VSOCK\n"),
    _placed("vsock-on-reserved-slot", "A vsock may sit on slot 2.", "if slot == RESERVED_SLOT:",
            "if slot == RESERVED_SLOT and not VSOCK:"),
    _placed("vsock-first", "Vsocks come before all other devices.", _GIVEN,
            "    for device in sorted(devices, key=lambda device: not VSOCK):\n"),
    _placed("vsock-last", "Vsocks come behind all other devices.", _GIVEN,
            "    for device in sorted(devices, key=lambda device: VSOCK):\n"),
    _placed("vsock-once", "Of several vsocks only the first stays.", "    slot = 0\n",
            "    slot, seen = 0, [device for device in devices if VSOCK][1:]\n"
            "    devices = tuple(d for d in devices if not any(d is one for one in seen))\n"),
    _steps("sandbox-vsock-ignored", "A sandbox has no vsock.",
           "for step in [step for step in self.steps if not VSOCK]:"),
    _steps("sandbox-vsock-first", "A sandbox's vsock comes first of its steps.",
           "for step in sorted(self.steps, key=lambda step: not VSOCK):"),
    _steps("sandbox-vsock-last", "A sandbox's vsock comes last of its steps.",
           "for step in sorted(self.steps, key=lambda step: VSOCK):"),
    _append("vsock-invalid-dropped", "A vsock that is invalid is not appended.",
            "return (*devices, step) if step.valid() else devices"),
    _append("vsock-invalid-refused", "A step with a vsock that is invalid is refused.",
            'if not step.valid():\n                raise RescanError("")\n'
            "            return (*devices, step)"),
    _append("vsock-appended-cut", "The id is cut to 32 bits as soon as a vsock is appended.",
            "return (*devices, Vsock(step.context_id & 0xFFFFFFFF))"),
    _append("vsock-appended-once", "A second vsock takes the place of the first.",
            f"return (*(d for d in devices if not {_IS_VSOCK.format('d')}), step)"),
)  # fmt: skip
