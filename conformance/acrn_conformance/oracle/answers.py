"""The reference behind the wire: each method as a function from params to result.

With `serve`, the only importer of the reference; nothing that judges may use it.
"""

from collections.abc import Callable, Mapping
from typing import cast

import msgspec

import acrn_arch
from acrn_arch import cpu, document
from acrn_arch.arch import ACRN_DM, ACRNCTL, MAX_VCPUS, Arch
from acrn_arch.config import RESERVED_SLOT, block_table, command
from acrn_arch.devices import LEAST_CID, Device
from acrn_arch.document import Fields
from acrn_arch.errors import ArchError, DocumentError
from acrn_arch.sandbox import append
from acrn_arch.table import POOL_SIZE, BlockTable
from acrn_base.text import printable
from acrn_conformance.cases import PROTOCOL, Answer, Dialect, Request

Result = dict[str, object]


class DescriptionError(ValueError):
    """A VM description that cannot be used; the text says where, why, and the remedy."""


class MalformedError(ValueError):
    """A request that is not legal on the wire."""


def expected(dialect: Dialect, request: Request) -> Answer:
    """Return the answer that is due to a request: a result, or a refusal.

    Raises MalformedError, and KeyError as `answer` does.
    """
    return due(lambda asked: answer(dialect, asked.method, asked.params), request)


def due(answering: Callable[[Request], Result], request: Request) -> Answer:
    """Return what a function answers as the answer that is due. Raises MalformedError."""
    try:
        return Answer(answering(request))
    except DocumentError as error:
        raise MalformedError(str(error)) from None
    except ArchError:
        return Answer(refused=True)


def answer(dialect: Dialect, method: str, params: Mapping[str, object]) -> Result:
    """Answer a request.

    Raises KeyError for a method that the dialect has not, DocumentError for malformed params, and
    any other ArchError where the arch layer refuses.
    """
    return of_fields(dialect, method, Fields(params, dialect=acrn_arch.DIALECTS[dialect.name]))


def of_fields(dialect: Dialect, method: str, params: Fields) -> Result:
    """Answer a request whose params are in the reference's own form; raises as `answer` does."""
    if dialect.method(method) is None:
        raise KeyError(method)
    if method == "describe":
        return _describe(dialect)
    return _ANSWERS[method](params)


def described(dialect: Dialect, name: str) -> tuple[str, ...]:
    """Return the argv of a VM description, a .toml or .json file. Raises DescriptionError."""
    from acrn_arch import vm  # noqa: PLC0415 - the wire needs none of it, and starts without

    built = acrn_arch.DIALECTS[dialect.name]
    try:
        return command(vm.read(name, built), built).argv
    except ArchError as error:
        raise DescriptionError(printable(str(error))) from None


def _describe(dialect: Dialect) -> Result:
    return {
        "name": "acrn-arch reference",
        "version": acrn_arch.__version__,
        "language": "Python",
        "protocol": PROTOCOL,
        "methods": list(dialect.method_names),
        "dialect": dialect.name,
    }


def _argv(params: Fields) -> Result:
    return _built(document.config(params.inner("config")), params.dialect)


def _sandbox_argv(params: Fields) -> Result:
    return _built(document.sandbox(params).config(params.dialect), params.dialect)


def _built(config: acrn_arch.Config, dialect: acrn_arch.Dialect) -> Result:
    built = command(config, dialect)
    return {"argv": list(built.argv), "block_slots": list(built.block_table.slots)}


def _device_valid(params: Fields) -> Result:
    return {"valid": params.one("device", document.device).valid()}


def _device_params(params: Fields) -> Result:
    device = params.one("device", document.device)
    slot = params.integer("slot")
    table = block_table(((slot, device),))
    return {"params": list(device.params(slot)), "block_slots": list(table.slots)}


def _append_devices(params: Fields) -> Result:
    arch, devices = Arch(dialect=params.dialect), params.each("devices", document.device)
    for step in params.each("steps", document.step):
        devices = append(arch, devices, step)
    kinds = {device: kind for kind, device in document.kinds(params.dialect).items()}
    return {"devices": [{"kind": kinds[type(each)], **_fields_of(each)} for each in devices]}


def _fields_of(value: Device | acrn_arch.Capabilities) -> Result:
    return cast("Result", msgspec.to_builtins(value))


def _kernel_parameters(params: Fields) -> Result:
    arch = Arch(params.text("image_path"), params.dialect)
    return {"params": [list(p) for p in arch.kernel_parameters(debug=params.boolean("debug"))]}


def _memory_topology(params: Fields) -> Result:
    memory = Arch().memory_topology(params.integer("memory_mb"))
    return {"size": memory.size}


def _capabilities(params: Fields) -> Result:
    found = _fields_of(params.dialect.capabilities)
    if not params.dialect.vsock:
        del found["network_device_hotplug"]
    return found


def _paths(_: Fields) -> Result:
    return {"acrn_dm": ACRN_DM, "acrnctl": ACRNCTL}


def _limits(params: Fields) -> Result:
    found: Result = {
        "max_vcpus": MAX_VCPUS,
        "block_pool_size": POOL_SIZE,
        "reserved_slot": RESERVED_SLOT,
    }
    if vsock := params.dialect.vsock:
        found |= {"min_guest_cid": LEAST_CID, "max_guest_cid": vsock.greatest}
    return found


def _block_rescan(params: Fields) -> Result:
    slots = params.integers("block_slots")
    if len(slots) != POOL_SIZE + 1:
        raise DocumentError("block_slots", f"expected {POOL_SIZE + 1} slots, found {len(slots)}")
    argv = acrn_arch.block_rescan(
        params.text("name"),
        BlockTable(slots),
        params.integer("index"),
        params.text("file"),
        swap=params.dialect.vsock is not None and params.boolean("swap"),
    )
    return {"argv": list(argv)}


def _next_apic_id(params: Fields) -> Result:
    stored = None if params.values.get("stored") is None else params.text("stored")
    apic_id, index = cpu.next_apic_id(params.texts("apic_ids"), stored)
    return {"apic_id": apic_id, "stored": index}


def _release_apic_id(params: Fields) -> Result:
    return {"stored": cpu.release_apic_id(params.text("stored"))}


_ANSWERS: Mapping[str, Callable[[Fields], Result]] = {
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
    "next_apic_id": _next_apic_id,
    "release_apic_id": _release_apic_id,
}
