"""The reference behind the wire: each method as a function from params to result.

With `serve`, the only importer of the reference; nothing that judges may use it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import msgspec

import acrn_arch
from acrn_arch import document
from acrn_arch.arch import ACRN_DM, ACRNCTL, MAX_VCPUS, Arch, Devices
from acrn_arch.config import RESERVED_SLOT, block_table, command, placed
from acrn_arch.devices import Block, Bridge, Console, Device, Lpc, Net
from acrn_arch.document import Table
from acrn_arch.errors import ArchError, DocumentError
from acrn_arch.table import POOL_SIZE, BlockTable
from acrn_conformance.cases import Answer, Request

Result = dict[str, object]

_encode = msgspec.json.Encoder(order="sorted").encode

_KINDS = {Console: "console", Net: "net", Block: "block", Bridge: "bridge", Lpc: "lpc"}


class DescriptionError(ValueError):
    """A VM description that cannot be used; the text says where, why, and the remedy."""


class MalformedError(ValueError):
    """A request that is not legal on the wire."""


def expected(request: Request) -> Answer:
    """Return the answer that is due to a request: a result, or a refusal.

    Raises MalformedError, and KeyError as `answer` does.
    """
    try:
        return Answer(answer(request.method, request.params))
    except DocumentError as error:
        raise MalformedError(str(error)) from None
    except ArchError:
        return Answer(refused=True)


def answer(method: str, params: Mapping[str, object]) -> Result:
    """Answer a request.

    Raises KeyError for an unknown method, DocumentError for malformed params, and any other
    ArchError where the arch layer refuses.
    """
    return _METHODS[method](Table(params))


def device_lists(devices: Sequence[Mapping[str, object]]) -> Callable[[Sequence[int]], bytes]:
    """Return a function from a list of positions in ``devices`` to the ``argv`` result, as JSON.

    The same as `answer` for a config with nothing but devices, each of which is read only once.
    """
    read = [document.device(Table(device)) for device in devices]

    def result(positions: Sequence[int]) -> bytes:
        on_slots = tuple(placed(tuple([read[position] for position in positions])))
        argv = [token for slot, device in on_slots for token in device.params(slot)]
        return _encode({"argv": argv, "block_slots": block_table(on_slots).slots})

    return result


def described(name: str) -> tuple[str, ...]:
    """Return the argv of a VM description, a .toml or .json file. Raises DescriptionError."""
    from acrn_arch import vm  # noqa: PLC0415 - the wire needs none of it, and starts without

    try:
        return command(vm.read(name)).argv
    except ArchError as error:
        raise DescriptionError(str(error)) from None


def _describe(_: Table) -> Result:
    return {
        "name": "acrn-arch reference",
        "version": acrn_arch.__version__,
        "language": "Python",
        "protocol": 1,
        "methods": list(_METHODS),
    }


def _argv(params: Table) -> Result:
    return _built(document.config(params.table("config")))


def _sandbox_argv(params: Table) -> Result:
    return _built(document.sandbox(params).config())


def _built(config: acrn_arch.Config) -> Result:
    built = command(config)
    return {"argv": list(built.argv), "block_slots": list(built.block_table.slots)}


def _device_valid(params: Table) -> Result:
    return {"valid": document.device(params.table("device")).valid()}


def _device_params(params: Table) -> Result:
    device = document.device(params.table("device"))
    slot = params.integer("slot")
    table = block_table(((slot, device),))
    return {"params": list(device.params(slot)), "block_slots": list(table.slots)}


def _append_devices(params: Table) -> Result:
    devices = params.tables("devices", document.device)
    for append in params.tables("steps", _append):
        devices = append(devices)
    return {"devices": [_shown(device) for device in devices]}


def _append(step: Table) -> Callable[[Devices], Devices]:
    arch = Arch()
    match step.text("append"):
        case "bridges":
            return arch.append_bridges
        case "lpc":
            return arch.append_lpc
        case "console":
            path = step.text("path")
            return lambda devices: arch.append_console(devices, path)
        case "image":
            path = step.text("path")
            return lambda devices: arch.append_image(devices, path)
        case "socket":
            name, host_path = step.text("name"), step.text("host_path")
            return lambda devices: arch.append_socket(devices, name, host_path)
        case "network":
            endpoint = document.endpoint(step)
            return lambda devices: arch.append_network(devices, endpoint)
        case "block_device":
            file, index = step.text("file"), step.integer("index")
            return lambda devices: arch.append_block_device(devices, file, index)
        case append:
            raise DocumentError(step.at("append"), f"{append!a} is no step")


def _shown(device: Device) -> Result:
    fields = asdict(device)
    if isinstance(device, Console):
        fields["port_type"] = device.port_type.value
    return {"kind": _KINDS[type(device)], **fields}


def _kernel_parameters(params: Table) -> Result:
    arch = Arch(params.text("image_path"))
    return {"params": [list(p) for p in arch.kernel_parameters(debug=params.boolean("debug"))]}


def _memory_topology(params: Table) -> Result:
    memory = Arch().memory_topology(params.integer("memory_mb", (0, (1 << 64) - 1)))
    return {"size": memory.size}


def _capabilities(_: Table) -> Result:
    return asdict(acrn_arch.Capabilities())


def _paths(_: Table) -> Result:
    return {"acrn_dm": ACRN_DM, "acrnctl": ACRNCTL}


def _limits(_: Table) -> Result:
    return {
        "max_vcpus": MAX_VCPUS,
        "block_pool_size": POOL_SIZE,
        "reserved_slot": RESERVED_SLOT,
    }


def _block_rescan(params: Table) -> Result:
    slots = params.integers("block_slots")
    if len(slots) != POOL_SIZE + 1:
        raise DocumentError("block_slots", f"expected {POOL_SIZE + 1} slots, found {len(slots)}")
    index, file = params.integer("index"), params.text("file")
    argv = acrn_arch.block_rescan(params.text("name"), BlockTable(slots), index, file)
    return {"argv": list(argv)}


_METHODS: Mapping[str, Callable[[Table], Result]] = {
    "describe": _describe,
    "argv": _argv,
    "device_valid": _device_valid,
    "device_params": _device_params,
    "append_devices": _append_devices,
    "kernel_parameters": _kernel_parameters,
    "memory_topology": _memory_topology,
    "capabilities": _capabilities,
    "paths": _paths,
    "limits": _limits,
    "sandbox_argv": _sandbox_argv,
    "block_rescan": _block_rescan,
}
