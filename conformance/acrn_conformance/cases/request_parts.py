"""Reading the parts of a request, whatever may stand there."""

from collections.abc import Sequence

from acrn_conformance.cases.case import Request
from acrn_conformance.cases.field_types import Fields


def config(request: Request) -> Fields:
    """Return the configuration of an ``argv`` request."""
    return mapping(request.params.get("config"))


def mapping(value: object) -> Fields:
    """Return an object, an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def text(fields: Fields, name: str) -> str:
    """Return a text, an absent one being empty."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def integer(fields: Fields, name: str) -> int:
    """Return an integer, an absent one being 0."""
    value = fields.get(name)
    return value if isinstance(value, int) else 0


def given_devices(request: Request) -> list[Fields]:
    """Return the devices of an ``argv`` request."""
    devices = config(request).get("devices")
    return [d for d in devices if isinstance(d, dict)] if isinstance(devices, list) else []


def with_devices(request: Request, devices: Sequence[Fields]) -> Request:
    """Return an ``argv`` request with other devices and all else as it was."""
    return Request("argv", {"config": {**config(request), "devices": list(devices)}})


def devices_of(request: Request) -> list[Fields]:
    """Return the devices that a request gives, whatever it asks for."""
    params = request.params
    listed = params.get("devices") if "devices" in params else config(request).get("devices")
    items = listed if isinstance(listed, list) else [params.get("device")]
    return [item for item in items if isinstance(item, dict)]


def steps_of(request: Request) -> list[Fields]:
    """Return the steps that a request gives."""
    listed = request.params.get("steps")
    return [step for step in listed if isinstance(step, dict)] if isinstance(listed, list) else []
