#!/usr/bin/env python3
"""An adapter to copy: requests in, calls to the implementation under test, replies out.

Keep the wire, which comes first; behind "Your code from here" put calls to your own code.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Fields = Mapping[str, Any]
Pair = tuple[str, str]


# The wire: read a line, call, reply, flush.


def main() -> None:
    """Answer each line of standard input until it ends."""
    for line in sys.stdin.buffer:  # bytes, so that lines end at \n alone
        request = json.loads(line)
        reply = {"jsonrpc": "2.0", "id": request["id"], **answer(request)}
        print(json.dumps(reply), flush=True)


def answer(request: Fields) -> Fields:
    """Return the result of a request, or its error."""
    method = METHODS.get(request["method"])
    if method is None:
        return {"error": {"code": -32601, "message": "no such method"}}
    try:
        return {"result": method(there(request.get("params")))}
    except Refused as refusal:
        return {"error": {"code": -32000, "message": str(refusal)}}
    except (AttributeError, KeyError, TypeError) as fault:
        return {"error": {"code": -32602, "message": repr(fault)}}


def there(given: Fields | None) -> dict[str, Any]:
    """Return the fields that are not null; the others have their defaults in what is called."""
    return {name: value for name, value in (given or {}).items() if value is not None}


def described(_: Fields) -> Fields:
    """Say who answers, and what is claimed: only that is judged."""
    return {**ME, "protocol": 1, "methods": [name for name in METHODS if name != "describe"]}


def argv(params: Fields) -> Fields:
    """Call the code under test for the command line of a configuration."""
    config = there(params.get("config"))
    memory, kernel = there(config.pop("memory", None)), there(config.pop("kernel", None))
    config["devices"] = [there(device) for device in config.get("devices", ())]
    return command(
        **config,
        memory=memory.get("size", ""),
        kernel=kernel.get("path", ""),
        line=kernel.get("params", ""),
    )


def sandbox_argv(params: Fields) -> Fields:
    """Call the code under test for the command line of a whole sandbox."""
    return sandbox(**{**params, "steps": [there(step) for step in params.get("steps", ())]})


METHODS: Mapping[str, Callable[[Fields], Fields]] = {
    "describe": described,
    "argv": argv,
    "device_valid": lambda params: {"valid": bool(tokens(0, **there(params["device"])))},
    "kernel_parameters": lambda params: {"params": kernel_parameters(**params)},
    "sandbox_argv": sandbox_argv,
}


# Your code from here: all below stands for it. Import yours, and call it in the functions above.

ME = {"name": "adapter-python", "version": "1", "language": "Python"}


class Refused(Exception):  # noqa: N818  (the wire's word)
    """The implementation refuses the request."""


def tokens(slot: int, /, kind: str, path: str = "", emul: str = "", **more: Any) -> list[str]:
    """Return the tokens of a device on a slot: none, if it is not valid."""
    match kind:
        case "console" if path:
            return console_tokens(slot, path, **more)
        case "net" if more.get("net_type") in {"tap", "macvtap"}:
            name, address = more.get("if_name"), more.get("mac_address")
            return ["-s", f"{slot},virtio-net,{name},mac={address}"] if name and address else []
        case "block" if more.get("file_path"):
            return ["-s", f"{slot},virtio-blk,{more['file_path']}"]
        case "bridge" if emul == "hostbridge" and more.get("function", 0) == 0:
            return ["-s", f"{slot}:0,hostbridge"]
        case "lpc" if emul == "lpc":
            return ["-s", f"{slot}:{more.get('function', 0)},lpc", "-lcom1,stdio"]
    return []


def console_tokens(
    slot: int, path: str, name: str = "", backend: str = "", port_type: str = "serial", **_: Any
) -> list[str]:
    backends = {
        "socket": f"socket:{name}={path}",
        "tty": f"tty:tty_port={path}",
        "pty": "pty:pty_port",
        "file": f"file:file_port={path}",
        "console": "",
    }
    if backend not in backends or port_type not in {"console", "serial"}:
        return []
    at = "@" if port_type == "console" else ""
    return ["-s", f"{slot},virtio-console,{at}{backends[backend]}"]


def command(
    *, name: str = "", uuid: str = "", acpi_virt: bool = False, memory: str = "",
    devices: Iterable[Fields] = (), kernel: str = "", line: str = "", **_: Any,
) -> Fields:  # fmt: skip
    argv = ["-U", uuid] if uuid else []
    argv += ["-A"] if acpi_virt else []
    argv += ["-m", memory] if memory else []
    slot, block_slots = 0, [0] * 9
    for device in devices:
        if placed := tokens(slot, **device):
            argv += placed
            index = device.get("index", 0) if device["kind"] == "block" else len(block_slots)
            if index < 0:
                raise Refused(f"index {index} is negative")
            if index < len(block_slots):
                block_slots[index] = slot
            slot += 2 if slot == 1 else 1  # slot 2 is GVT-g's
    argv += ["-k", kernel] if kernel else []
    argv += ["-B", line] if kernel and line else []
    return {"argv": argv + ([name] if name else []), "block_slots": block_slots}


COMMON = """tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0
log_buf_len=16M
consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 i915.enable_hangcheck=0
i915.nuclear_pageflip=1 i915.enable_guc_loading=0 i915.enable_guc_submission=0 i915.enable_guc=0"""
DEBUG_SYSTEMD = """systemd.show_status=true systemd.log_level=debug systemd.log_target=kmsg
printk.devkmsg=on"""


def kernel_parameters(*, image_path: str = "", debug: bool = False, **_: Any) -> list[Pair]:
    mode, systemd = ("debug", DEBUG_SYSTEMD) if debug else ("quiet", "systemd.show_status=false")
    if not image_path:
        return [*pairs(COMMON), *pairs(mode)]
    return [*pairs(COMMON), ("root", "/dev/vda1 rw rootwait"), *pairs(mode), *pairs(systemd)]


def pairs(line: str) -> list[Pair]:
    return [(key, value) for key, _, value in (word.partition("=") for word in line.split())]


def appended(append: str, if_name: str = "", hard_addr: str = "", **more: Any) -> list[Fields]:
    """Return what a step of a sandbox adds to its devices."""
    match append:
        case "socket":
            port = {"name": more.get("name", ""), "path": more.get("host_path", "")}
            return [{"kind": "console", "backend": "socket", **port}]
        case "network" if more.get("endpoint") in {"veth", "macvtap"}:
            net_type = "macvtap" if "macvtap" in {more["endpoint"], more.get("model")} else "tap"
            names = {"if_name": if_name, "mac_address": hard_addr}
            return [{"kind": "net", "net_type": net_type, **names}]
        case "block_device" if more.get("file"):
            return [{"kind": "block", "file_path": more["file"], "index": more.get("index", 0)}]
    return []


def sandbox(
    *, id: str = "", uuid: str = "", memory_mb: int = 0, debug: bool = False, max_vcpus: int = 0,
    kernel_path: str = "", image_path: str = "", kernel_params: Iterable[Pair] = (),
    console_path: str = "", steps: Iterable[Fields] = (), **_: Any,
) -> Fields:  # fmt: skip
    if not image_path:
        raise Refused("a sandbox needs an image")
    console = {"name": "console0", "backend": "socket", "port_type": "console"}
    devices: list[Fields] = [
        {"kind": "bridge", "emul": "hostbridge"},
        {"kind": "lpc", "emul": "lpc"},
        {"kind": "console", **console, "path": console_path},
        {"kind": "block", "file_path": image_path},
        *({"kind": "block", "file_path": "nodisk", "index": 1 + each} for each in range(8)),
        *(device for step in steps for device in appended(**step)),
    ]
    params = kernel_parameters(image_path=image_path, debug=debug)
    params += [("panic", "1"), ("maxcpus", str(max_vcpus)), *kernel_params]
    line = " ".join("=".join(filter(None, pair)) for pair in params if any(pair))
    return command(name=f"sandbox-{id}", uuid=uuid, acpi_virt=True, memory=f"{memory_mb}M",
                   devices=devices, kernel=kernel_path, line=line)  # fmt: skip


if __name__ == "__main__":
    main()
