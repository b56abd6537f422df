"""A command line of acrn-dm as one of QEMU: what acrn-dm checks, in its order, then the mapping."""

import os
import re
from collections import Counter
from typing import Final

from acrn_standin.command import Address, Command
from acrn_standin.consoles import Backend, ports
from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.host import Host
from acrn_standin.machine import Machine
from acrn_standin.numerals import MIB
from acrn_standin.qemu_devices import device, uart
from acrn_standin.release import Pages

INITRAMFS: Final = "initramfs.img"
"""Found beside the kernel, it is given to the guest: Debian's kernel needs one, -k names none."""

_OWN = {"hostbridge": Address(0, 0, 0), "lpc": Address(0, 1, 0)}
"""What QEMU's machine has of itself, and where."""

_MAPPED = frozenset({*_OWN, "virtio-blk", "virtio-console", "virtio-net", "virtio-rnd"})
_KERNEL_FAULT: Final = 10
_LONGEST_SOCKET_NAME: Final = 91
_NO_CPU = ("not honoured: --cpu_affinity",)
_BOOTARGS_SEEN: Final = 1024
_PAGE: Final = 2 * MIB
_MOST_MEMORY: Final = 1 << 40
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def machine(command: Command, host: Host, accelerator: str) -> Machine:
    """Return the QEMU machine for a command; ``accelerator`` as QEMU calls it.

    Raises RefusedError with what the release says, and InexpressibleError.
    """
    kernel = _kernel(command, host)
    _require_expressible(command)
    _require_vm(command)
    devices = _devices(command, host)
    _require_cpu(command)
    if not command.kernels:
        raise RefusedError(1, "acrn_sw_load failed, error=-1: no kernel is given (-k)")
    return _base(command, accelerator) + _absent(command) + kernel + _bootargs(command) + devices


def _kernel(command: Command, host: Host) -> Machine:
    whole = Machine()
    for kernel in command.kernels:
        image = host.image(kernel)
        if image is None or not image.size:
            raise RefusedError(_KERNEL_FAULT, f"SW_LOAD: check_image failed for '{kernel}'")
        whole = Machine(("-kernel", kernel)) + _initramfs(kernel, host)
    return whole


def _initramfs(kernel: str, host: Host) -> Machine:
    path = os.path.join(os.path.dirname(kernel), INITRAMFS)  # noqa: PTH118, PTH120  (a text as given)
    if not host.image(path):
        return Machine()
    return Machine(("-initrd", path), (f"the kernel is given {path}, as acrn-dm would not",))


def _require_expressible(command: Command) -> None:
    for option in command.unexpressed:
        raise InexpressibleError(option)
    for function in command.functions:
        address = function.address
        if function.emulation not in _MAPPED:
            raise InexpressibleError(function.emulation)
        if address.bus:
            raise InexpressibleError(f"a device on bus {address.bus}")
        own = _OWN.get(function.emulation)
        if own and address != own:
            raise InexpressibleError(f"{function.emulation} on {address}: it stands on {own}")
        if not own and address.slot in {0, 1}:
            raise InexpressibleError(f"{function.emulation} on {address}: begin with slot 2")
    if command.memory > _MOST_MEMORY:
        raise InexpressibleError(f"-m of {command.memory // MIB} MiB")


def _require_vm(command: Command) -> None:
    release = command.release
    if not _UUID.fullmatch(command.uuid):
        raise RefusedError(1, f"vm_create failed: '{command.uuid}' is no UUID")
    if command.memory % release.page:
        raise RefusedError(1, "Memory size is not aligned to 2M.")
    if release.pages is Pages.BY_NAME and command.name in {"", ".", ".."}:
        raise RefusedError(1, "Open hugtlbfs failed")
    # The name is part of the path of acrn-dm's monitor socket.
    folder = command.name.rpartition("/")[0]
    if set(folder.split("/")) - {"", ".", ".."} or _length(command.name) > _LONGEST_SOCKET_NAME:
        raise RefusedError(1, f"monitor_init: no socket can have the name '{command.name}'")


def _length(text: str) -> int:
    return len(os.fsencode(text))


def _require_cpu(command: Command) -> None:
    release = command.release
    tables = release.acpi_always or command.acpi
    if release.cpu_needed and tables and not command.cpus:
        raise RefusedError(1, "basl_fwrite_madt,Err: Invalid guest_pcpu_bitmask.")


def _devices(command: Command, host: Host) -> Machine:
    functions = sorted(command.functions, key=lambda function: function.address)
    bridge = any(function.emulation == "lpc" for function in functions)
    uarts = command.uarts if bridge else ()
    on_slot = Counter(function.address.slot for function in functions)
    whole = sum((uart(port, host) for port in uarts), Machine())
    users = [f"com{port.number}" for port in uarts if port.backend == "stdio"]
    for function in functions:
        if function.emulation == "virtio-console":
            users += ["vtcon"] * _stdio_ports(function.config)
        if function.emulation not in _OWN:
            shares_slot = on_slot[function.address.slot] > 1
            whole += device(function, host, command.release, shares_slot=shares_slot)
    if len(users) > 1:
        who = "vtcon" if users[1] == "vtcon" else "uart"
        raise RefusedError(1, f"{who}: stdio is used by other device")
    return whole


def _stdio_ports(config: str | None) -> int:
    return sum(port.backend is Backend.STDIO for port in ports(config))


def _base(command: Command, accelerator: str) -> Machine:
    size = command.memory // _PAGE * _PAGE
    remark = f"memory in pages of {_PAGE // MIB} MiB, as acrn-dm has it: {size // MIB} MiB"
    acpi = command.acpi or command.release.acpi_always
    identity = "manufacturer=acrn-conformance,product=stand-in"
    return Machine(
        (
            *("-M", "pc,usb=off,vmport=off" + ("" if acpi else ",acpi=off")),
            *("-nodefaults", "-vga", "none", "-display", "none"),
            *("-accel", accelerator, "-cpu", "max", "-smp", "1"),
            *("-m", f"{size // MIB}M", "-no-reboot"),
            *("-uuid", command.uuid, "-smbios", f"type=1,{identity}"),
        ),
        (*([remark] if size != command.memory else []), *(_NO_CPU if command.cpus else ())),
    )


def _absent(command: Command) -> Machine:
    """Tell of what the machine has though the command does not ask for it, and the reverse."""
    asked = {function.emulation: function.config for function in command.functions}
    remarks = [
        f"no {name} is asked for; the machine has its own on {address}"
        for name, address in _OWN.items()
        if name not in asked
    ]
    remarks += [f"not honoured: {asked[name]} of {name}" for name in _OWN if asked.get(name)]
    if command.uarts and "lpc" not in asked:
        remarks.append("-l without an lpc slot: no serial port")
    return Machine(remarks=tuple(remarks))


def _bootargs(command: Command) -> Machine:
    if not command.bootargs:
        return Machine()
    cut = os.fsdecode(os.fsencode(command.bootargs)[:_BOOTARGS_SEEN])
    remark = f"-B is cut to the {_BOOTARGS_SEEN} bytes that acrn-dm gives to the guest"
    return Machine(("-append", cut), (remark,) if cut != command.bootargs else ())
