"""Reading the parts of a request, whatever may stand there."""

from collections.abc import Mapping, Sequence

from acrn_conformance.cases.case import Request

Device = Mapping[str, object]


def config(request: Request) -> Mapping[str, object]:
    """Return the configuration of an ``argv`` request."""
    return mapping(request.params.get("config"))


def mapping(value: object) -> Mapping[str, object]:
    """Return an object, an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def text(fields: Mapping[str, object], name: str) -> str:
    """Return a text, an absent one being empty."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def integer(fields: Mapping[str, object], name: str) -> int:
    """Return an integer, an absent one being 0."""
    value = fields.get(name)
    return value if isinstance(value, int) else 0


def given_devices(request: Request) -> list[Device]:
    """Return the devices of an ``argv`` request."""
    devices = config(request).get("devices")
    return [d for d in devices if isinstance(d, dict)] if isinstance(devices, list) else []


def with_devices(request: Request, devices: Sequence[Device]) -> Request:
    """Return an ``argv`` request with other devices and all else as it was."""
    return Request("argv", {"config": {**config(request), "devices": list(devices)}})
