"""The sandboxes that the cases of `sandbox_argv` start from."""

from catalogue.build import (
    CONSOLE_SOCKET,
    IMAGE,
    KERNEL,
    UUID,
    entry,
    network_step,
    socket_step,
)
from catalogue.entry import Entry, Params

BASE: Params = {
    "id": "guest",
    "uuid": UUID,
    "memory_mb": 2048,
    "debug": False,
    "max_vcpus": 8,
    "kernel_path": KERNEL,
    "image_path": IMAGE,
    "kernel_params": [],
    "console_path": CONSOLE_SOCKET,
    "steps": [],
}
"""A sandbox with nothing added."""

WHOLE: Params = {
    **BASE,
    "kernel_params": [["agent.log", "debug"], ["systemd.unit", "kata-containers.target"]],
    "steps": [socket_step(), network_step()],
}
"""A sandbox as a container runtime starts it."""


def case(tail: str, title: str, rule: str, base: Params = BASE, **fields: object) -> Entry:
    """Return a case: a sandbox with some fields as given."""
    return entry("sandbox_argv", tail, title, rule, {**base, **fields})
