"""Builders of the families that are kata-3's own."""

import msgspec

from acrn_conformance.cases import KATA_3, as_fields, device_types, step_types
from catalogue import build
from catalogue.build import CONSOLE_SOCKET, IMAGE, KERNEL
from catalogue.entry import Entry, Params
from catalogue.translated import CPU

SANDBOX: Params = {
    "id": "0123456789a",
    "apic_id": CPU,
    "memory_mb": 2048,
    "max_vcpus": 1,
    "kernel_path": KERNEL,
    "image_path": IMAGE,
    "console_path": CONSOLE_SOCKET,
}
"""A sandbox inside the domain, with the longest name."""


def entry(method: str, tail: str, title: str, rule: str, params: Params) -> Entry:
    """Return a case of kata-3, whose id is the dialect's name and ``tail``."""
    made = build.entry(method, tail, title, rule, params)
    return msgspec.structs.replace(made, id=f"{KATA_3.name}-{tail}", dialect=KATA_3)


def vsock(context_id: int = 3) -> Params:
    """Return a vsock device."""
    return as_fields(device_types.Vsock(context_id))


def vsock_step(context_id: int = 3) -> Params:
    """Return a step that adds a vsock."""
    return as_fields(step_types.Vsock(context_id))
