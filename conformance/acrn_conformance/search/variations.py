"""Variations of a request: the same material, arranged in other ways.

Cheap to make and to ask many at a time, so that a search sees many more conjunctions than it draws.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations, product

from acrn_conformance.cases import Fields, Request, given_devices, mapping, with_devices

_SLOTS = (0, 1, 2, 3, 31, 32)
_BEYOND = (31, 32, 33, 35)
"""How many valid devices reach the last slot, pass it, and more."""

_FILLING: Fields = {"kind": "bridge", "emul": "hostbridge"}

_MOST = 6
"""Devices that are arranged; of longer lists the first ones."""


def variations(request: Request) -> Iterator[Request]:
    """Yield requests made of a request's material."""
    match request.method:
        case "argv":
            devices = given_devices(request)[:_MOST]
            yield from _arranged(request, devices)
            yield from _one_by_one(devices)
            yield from _options(request)
            yield _appended(devices, [])
        case "sandbox_argv" | "append_devices":
            yield from _steps(request)


def _arranged(request: Request, devices: Sequence[Fields]) -> Iterator[Request]:
    bare = Request("argv", {"config": {}})
    for pair in permutations(devices[:4], 2):
        yield with_devices(bare, pair)
    for device in devices:
        yield with_devices(bare, [device])
        yield with_devices(bare, [device, device, device])
        yield with_devices(request, [*devices, device])
    # Long lists cost most, so they are of one device, here and below: others are drawn soon.
    for device in devices[:1]:
        for count in _BEYOND:
            yield with_devices(bare, [device] * count)
    for shift in range(1, len(devices)):
        yield with_devices(request, [*devices[shift:], *devices[:shift]])
    yield with_devices(request, devices[::-1])
    disks = [device for device in devices if device.get("kind") == "block"]
    for filling, some in (([], disks), ([_FILLING] * 28, disks[:1])):
        yield with_devices(request, [*filling, *devices])
        for disk, index in product(some, (0, 1, 7, 8, 9)):
            yield with_devices(bare, [*filling, *devices, {**disk, "index": index}])


def _one_by_one(devices: Sequence[Fields]) -> Iterator[Request]:
    for device in devices:
        yield Request("device_valid", {"device": device})
        for slot in _SLOTS:
            yield Request("device_params", {"device": device, "slot": slot})


def _options(request: Request) -> Iterator[Request]:
    """Leave each option out, and everything else but it."""
    config = mapping(request.params.get("config"))
    options = [name for name in config if name != "devices"]
    for name in options:
        yield _argv({key: value for key, value in config.items() if key != name})
        yield _argv({name: config[name]})
    kernel = mapping(config.get("kernel"))
    for name in kernel:
        yield _argv({**config, "kernel": {name: kernel[name]}})


def _argv(config: Fields) -> Request:
    return Request("argv", {"config": dict(config)})


def _appended(devices: Sequence[Fields], steps: Sequence[object]) -> Request:
    return Request("append_devices", {"devices": list(devices), "steps": list(steps)})


def _steps(request: Request) -> Iterator[Request]:
    given = request.params.get("steps")
    steps = given[:_MOST] if isinstance(given, list) else []
    for step in steps:
        yield _with_steps(request, [step])
        yield _with_steps(request, [step] * 20)
    for shift in range(1, len(steps)):
        yield _with_steps(request, [*steps[shift:], *steps[:shift]])
    yield _with_steps(request, steps[::-1])
    if request.method == "sandbox_argv":
        for debug in (False, True):
            for image in ("", "/image"):
                yield Request("kernel_parameters", {"image_path": image, "debug": debug})
            yield Request("sandbox_argv", {**request.params, "debug": debug, "steps": []})
        for name in request.params:
            rest = {key: value for key, value in request.params.items() if key != name}
            yield Request("sandbox_argv", rest)


def _with_steps(request: Request, steps: Sequence[object]) -> Request:
    return Request(request.method, {**request.params, "steps": list(steps)})
