"""Invariants that hold an argv against the request that it was built for."""

import re
from collections.abc import Iterator, Mapping, Sequence

from acrn_conformance.cases import Fields, Request, config, integer, mapping, text
from acrn_conformance.invariants.invariant import Exchange, Invariant, only, tokens
from acrn_conformance.invariants.layout import read_argv

_ARGV = only("argv")

# Longer texts name no 64-bit integer, zeros in front aside.
_DECIMAL = re.compile(r"[+-]?[0-9]{1,4000}", re.ASCII)


def _options(exchange: Exchange) -> Iterator[str]:
    wanted, argv = _wanted(exchange.request), exchange.argv
    options = exchange.dialect.options
    devices = options.index("-s")
    # What the request says is taken off both ends, so that no text is mistaken for an option.
    head = [token for option in options[:devices] for token in wanted.get(option, ())]
    tail = [token for option in options[devices + 1 :] for token in wanted.get(option, ())]
    tail += [name] if (name := text(config(exchange.request), "name")) else []
    if argv[: len(head)] != head:
        yield f"it begins with {argv[: len(head)]!a}, not with {head!a}"
    elif len(argv) < len(head) + len(tail) or argv[len(argv) - len(tail) :] != tail:
        yield f"it ends with {argv[len(argv) - len(tail) :]!a}, not with {tail!a}"
    else:
        middle = read_argv(argv[len(head) : len(argv) - len(tail)], options)
        if middle.name is not None:
            yield f"the token {middle.name!a} behind the devices is out of place"


def _wanted(request: Request) -> Mapping[str, Sequence[str]]:
    """Return the tokens of each option that a configuration gives."""
    fields = config(request)
    kernel = mapping(fields.get("kernel"))
    path = text(kernel, "path")
    values = {
        "-U": text(fields, "uuid"),
        "-m": text(mapping(fields.get("memory")), "size"),
        "--cpu_affinity": text(fields, "apic_id"),
        "-k": path,
        "-B": text(kernel, "params") if path else "",
    }
    given = {option: (option, value) for option, value in values.items() if value}
    return {**given, "-A": ("-A",)} if fields.get("acpi_virt") else given


def _one_function_each(exchange: Exchange) -> Iterator[str]:
    valid, placed = len(exchange.valid), len(exchange.placed)
    if valid != placed:
        yield f"{valid} valid devices, but {placed} in the argv"


_EMULATIONS: Mapping[str, str] = {
    "console": "virtio-console",
    "net": "virtio-net",
    "block": "virtio-blk",
    "vsock": "vhost-vsock",
}


def _emulations(exchange: Exchange) -> Iterator[str]:
    for device, function in zip(exchange.valid, exchange.placed, strict=False):
        emulation = _EMULATIONS.get(text(device, "kind"), text(device, "emul"))
        if function.emulation != emulation:
            yield f"{function.text!a} stands where {emulation} is due"


def _table_follows(exchange: Exchange) -> Iterator[str]:
    expected = [0] * (exchange.dialect.pool_size + 1)
    for device, function in zip(exchange.valid, exchange.placed, strict=False):
        index = integer(device, "index")
        if device.get("kind") == "block" and 0 <= index < len(expected):
            expected[index] = function.slot
    if exchange.table != expected:
        yield f"the block table is {exchange.table}, the devices give {expected}"


def _bare_consoles(exchange: Exchange) -> Iterator[str]:
    for device, function in zip(exchange.valid, exchange.placed, strict=False):
        if device.get("kind") == "console":
            bare = function.rest.removeprefix("@") == ""
            if bare != (device.get("backend") == "console"):
                yield f"{function.text!a} comes from the backend {device.get('backend')!a}"


def _net_texts(exchange: Exchange) -> Iterator[str]:
    for device, function in zip(exchange.valid, exchange.placed, strict=False):
        if device.get("kind") == "net":
            name, mac = text(device, "if_name"), text(device, "mac_address")
            if function.rest != (due := f"{exchange.dialect.net_prefix}{name},mac={mac}"):
                yield f"{function.text!a} names no tap as {due!a} does"


def _cid(device: Fields) -> str:
    """Return how a vsock names its context id: cut to 32 bits."""
    return f"cid={integer(device, 'context_id') & 0xFFFFFFFF}"


def _vsock_texts(exchange: Exchange) -> Iterator[str]:
    for device, function in zip(exchange.valid, exchange.placed, strict=False):
        if device.get("kind") == "vsock" and function.rest != (due := _cid(device)):
            yield f"{function.text!a} does not say {due!a}"


def _vsock_params(exchange: Exchange) -> Iterator[str]:
    device = mapping(exchange.request.params.get("device"))
    if device.get("kind") == "vsock":
        due = ["-s", f"{integer(exchange.request.params, 'slot')},vhost-vsock,{_cid(device)}"]
        if (params := tokens(exchange.result, "params")) != due:
            yield f"the tokens are {params!a}, not {due!a}"


def _sandbox_tail(exchange: Exchange) -> Iterator[str]:
    given, argv = exchange.request.params, exchange.argv
    name = exchange.dialect.sandbox_prefix + text(given, "id")
    kernel = ["-k", path, "-B", *argv[-2:-1]] if (path := text(given, "kernel_path")) else []
    cpu = text(given, "apic_id") if "--cpu_affinity" in exchange.dialect.options else ""
    # The last device comes first: it shows that nothing else stands in between.
    due = ["-s", *(["--cpu_affinity", cpu] if cpu else []), *kernel, name]
    if (found := [*argv[-len(due) - 1 :][:1], *argv[1 - len(due) :]]) != due:
        yield f"behind its devices it has {found[1:]!a}, not {due[1:]!a}"


def _next_cpu(exchange: Exchange) -> Iterator[str]:
    ids = exchange.request.params.get("apic_ids")
    stored, apic_id = text(exchange.result, "stored"), text(exchange.result, "apic_id")
    named = dict(zip(map(str, range(len(ids))), ids, strict=True)) if isinstance(ids, list) else {}
    if named.get(stored) != apic_id:
        yield f"it gives {apic_id!a}, and stores {stored!a}, which does not name it"


def _released_index(exchange: Exchange) -> Iterator[str]:
    given, stored = text(exchange.request.params, "stored"), text(exchange.result, "stored")
    if not _DECIMAL.fullmatch(given) or not _DECIMAL.fullmatch(stored):
        yield f"of {given!a} it makes {stored!a}, where both are decimal"
    elif (int(given) - int(stored)) % (1 << 64) != 1:
        yield f"of {given!a} it makes {stored!a}, which is not one less"


INVARIANTS = (
    Invariant(
        "options",
        "UUID, ACPI and memory lead, kernel, parameters and name end the argv, as given.",
        _ARGV,
        _options,
    ),
    Invariant(
        "one-function-each",
        "There are as many devices in the argv as valid ones in the request.",
        _ARGV,
        _one_function_each,
    ),
    Invariant(
        "emulations", "Devices come in the given order, each as its kind.", _ARGV, _emulations
    ),
    Invariant(
        "table-follows",
        "A table entry is the slot of the last valid disk with that index, else 0.",
        _ARGV,
        _table_follows,
    ),
    Invariant("vsock-texts", "A vsock names its context id.", _ARGV, _vsock_texts),
    Invariant(
        "vsock-params",
        "A vsock's tokens name its slot, and its context id cut to 32 bits.",
        only("device_params"),
        _vsock_params,
    ),
    Invariant(
        "sandbox-tail",
        "Behind a sandbox's devices come its CPUs, its kernel and its name.",
        only("sandbox_argv"),
        _sandbox_tail,
    ),
    Invariant(
        "next-cpu",
        "The CPU is one of those given, and the stored index names it.",
        only("next_apic_id"),
        _next_cpu,
    ),
    Invariant(
        "released-index",
        "A guest that ends takes the index one down, from the least to the greatest.",
        only("release_apic_id"),
        _released_index,
    ),
    Invariant("net-texts", "A network device names its tap and its address.", _ARGV, _net_texts),
    Invariant(
        "bare-consoles",
        "Only a console on upstream's backend `console` is without a backend.",
        _ARGV,
        _bare_consoles,
    ),
)
