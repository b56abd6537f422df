"""Faults in the agent's vsock: when it is valid, its text, its slot, and the step that adds it."""

from miniatures.miniature import Constant, Patch

_VALID = "return LEAST_CID <= self.context_id <= self.greatest"
_CID = "{self.context_id & 0xFFFFFFFF}"
_STEP = "        case Vsock():\n            return (*devices, step)\n"


def _valid(name: str, what: str, expression: str) -> Patch:
    return Patch(name, what, "devices.Vsock.valid", _VALID, f"return {expression}",
                 dialect="kata-3")  # fmt: skip


def _text(name: str, what: str, value: str) -> Patch:
    return Patch(name, what, "devices.Vsock.params", _CID, value, dialect="kata-3")


def _step(name: str, what: str, expression: str) -> Patch:
    return Patch(name, what, "sandbox.append", _STEP,
                 f"        case Vsock():\n            return {expression}\n",
                 dialect="kata-3")  # fmt: skip


def _placed(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "config.placed", old, new, dialect="kata-3")


PATCHES = (
    Constant("vsock-from-2", "A vsock is valid with context id 2.", "devices.LEAST_CID", 2,
             dialect="kata-3"),
    Constant("vsock-from-4", "A vsock is invalid with context id 3.", "devices.LEAST_CID", 4,
             dialect="kata-3"),
    Constant("vsock-from-0", "A vsock is valid with any small context id.", "devices.LEAST_CID", 0,
             dialect="kata-3"),
    _valid("vsock-of-31-bits", "A vsock is invalid with a context id from 2^31 up.",
           "3 <= self.context_id < 1 << 31"),
    _valid("vsock-to-2-32", "A vsock is valid with context id 2^32.",
           "3 <= self.context_id <= 1 << 32"),
    _valid("vsock-without-bound", "A vsock is valid with any large context id.",
           "3 <= self.context_id"),
    _valid("vsock-greatest-refused", "A vsock is invalid with the greatest context id.",
           "3 <= self.context_id < self.greatest"),
    _valid("vsock-valid-when-cut", "A vsock is valid if its context id is, cut to 32 bits.",
           "3 <= self.context_id & 0xFFFFFFFF <= self.greatest"),
    Constant("board-vsock-greatest", "A vsock is valid with context id 2^32-1.",
             "devices.BoardVsock.greatest", (1 << 32) - 1, dialect="acrn-3"),
    _text("cid-not-cut", "A context id is not cut to 32 bits.", "{self.context_id}"),
    _text("cid-signed", "A context id from 2^31 up is negative.",
          "{(self.context_id + 2**31) % 2**32 - 2**31}"),
    _text("cid-hexadecimal", "A context id is written in hexadecimal.",
          "{self.context_id & 0xFFFFFFFF:#x}"),
    _text("cid-of-16-bits", "A context id is cut to 16 bits.", "{self.context_id & 0xFFFF}"),
    _text("cid-at-most", "A context id from 2^32 up is written as 2^32-1.",
          "{min(self.context_id, 0xFFFFFFFF)}"),
    Patch("cid-without-key", "A context id stands without cid=.", "devices.Vsock.params",
          "{slot},vhost-vsock,cid=", "{slot},vhost-vsock,", dialect="kata-3"),
    Patch("vsock-as-virtio", "A vsock is written as virtio-vsock.", "devices.Vsock.params",
          "{slot},vhost", "{slot},virtio", dialect="kata-3"),
    _placed("vsock-takes-no-slot", "The device behind a vsock is on the same slot.",
            "        yield slot, device\n        slot += 1\n",
            "        yield slot, device\n        slot += not hasattr(device, 'context_id')\n"),
    _placed("vsock-on-slot-2", "A vsock may be put on slot 2.", "if slot == RESERVED_SLOT:",
            "if slot == RESERVED_SLOT and not hasattr(device, 'context_id'):"),
    _placed("vsocks-last", "Vsocks are put behind all other devices.", "for device in devices:",
            "for device in sorted(devices, key=lambda one: hasattr(one, 'context_id')):"),
    _step("vsock-step-ignored", "The step of a vsock adds nothing.", "devices"),
    _step("vsock-step-first", "The step of a vsock puts it before all devices.",
          "(step, *devices)"),
    _step("vsock-step-once", "The step of a second vsock adds nothing.",
          "devices if any(isinstance(one, Vsock) for one in devices) else (*devices, step)"),
    _step("vsock-step-checked", "The step of an invalid vsock adds nothing.",
          "(*devices, step) if step.valid() else devices"),
)  # fmt: skip
