"""acrn-dm's devices as QEMU's: each a part of the command line."""

import os

from acrn_standin.command import Function, Uart
from acrn_standin.consoles import Backend, Port, ports
from acrn_standin.disks import Disk, disk
from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.host import Host, disk_image
from acrn_standin.machine import Machine, escaped
from acrn_standin.nets import net
from acrn_standin.release import Release

_LONGEST_SOCKET_PATH = 107
_QEMU_PORTS = 16


def device(function: Function, host: Host, release: Release, *, shares_slot: bool) -> Machine:
    """Return a function of a slot from 2 on; ``shares_slot`` with other functions.

    Raises RefusedError, InexpressibleError.
    """
    address = function.address
    # QEMU reads the parts of an address as hexadecimal numbers.
    place = (
        f"id={device_id(address.slot, address.function)},addr={address.slot:#x}.{address.function}"
    )
    if shares_slot:
        place += ",multifunction=on"
    match function.emulation:
        case "virtio-console":
            return _console(function, place, host)
        case "virtio-blk":
            return _disk(function, place, host, release)
        case "virtio-net":
            return _net(function, place, host, release)
        case "virtio-rnd":
            return Machine(("-device", f"virtio-rng-pci,{place}"))
        case other:
            raise InexpressibleError(other)


def device_id(slot: int, function: int = 0) -> str:
    """Return QEMU's name for the device on a slot."""
    return f"slot{slot}.{function}"


def disk_node(slot: int, function: int = 0) -> str:
    """Return QEMU's name for the block node of the disk on a slot; a rescan changes its file."""
    return f"disk{slot}.{function}"


def uart(port: Uart, host: Host) -> Machine:
    """Return a serial port of the LPC bridge. Raises RefusedError, InexpressibleError."""
    name = f"com{port.number}"
    match port.backend:
        case None:
            source = f"null,id={name}"
        case "stdio":
            source = f"stdio,id={name},signal=off"
        case backend if backend.startswith("tcp"):
            raise InexpressibleError(f"a serial port on TCP ({backend})")
        case backend:
            _require_terminal(backend, host, "uart")
            source = f"serial,id={name},path={escaped(backend)}"
    serial = f"isa-serial,chardev={name},index={port.number - 1}"
    return Machine(("-chardev", source, "-device", serial), stdio=port.backend == "stdio")


def _console(function: Function, place: str, host: Host) -> Machine:
    found = ports(function.config)
    address = function.address
    bus = device_id(address.slot, address.function)
    # QEMU keeps port 0 for a console.
    first = 0 if found[0].console else 1
    most = max(_QEMU_PORTS, first + len(found))
    whole = Machine(("-device", f"virtio-serial-pci,{place},max_ports={most}"))
    if first:
        whole += Machine(
            remarks=(f"not honoured: port 0 of virtio-console on {address}; it counts from 1",)
        )
    for number, port in enumerate(found, first):
        name = f"{bus}.port{number}"
        kind = "virtconsole" if port.console else "virtserialport"
        front = f"{kind},bus={bus}.0,nr={number},chardev={name},name={escaped(port.name)}"
        whole += _backend(port, name, host) + Machine(("-device", front))
    return whole


def _backend(port: Port, name: str, host: Host) -> Machine:
    match port.backend:
        case Backend.STDIO:
            return Machine(("-chardev", f"stdio,id={name},signal=off"), stdio=True)
        case Backend.PTY:
            return Machine(("-chardev", f"pty,id={name}"), terminals=(name,))
        case Backend.TTY:
            _require_terminal(port.path, host, "vtcon")
            return Machine(("-chardev", f"serial,id={name},path={escaped(port.path)}"))
        case Backend.FILE:
            if not host.has_place_for(port.path):
                raise RefusedError(1, f"vtcon: open failed: {port.path}")
            return Machine(("-chardev", f"file,id={name},path={escaped(port.path)},append=on"))
        case Backend.SOCKET:
            return _socket(port.path, name, host)


def _socket(path: str, name: str, host: Host) -> Machine:
    cut = os.fsdecode(os.fsencode(path)[:_LONGEST_SOCKET_PATH])
    if not host.has_place_for(cut):
        raise RefusedError(1, f"vtcon: Bind Error: no folder for a socket {cut}")
    remarks = (f"the socket's path is cut to {_LONGEST_SOCKET_PATH} bytes: {cut}",)
    return Machine(
        ("-chardev", f"socket,id={name},path={escaped(cut)},server=on,wait=off"),
        remarks=remarks if cut != path else (),
        sockets=(cut,),
    )


def _require_terminal(path: str, host: Host, who: str) -> None:
    match host.is_terminal(path):
        case None:
            raise RefusedError(1, f"{who}: open failed: {path}")
        case False:
            raise RefusedError(1, f"{who}: not a tty: {path}")


def _disk(function: Function, place: str, host: Host, release: Release) -> Machine:
    address = function.address
    node = disk_node(address.slot, address.function)
    asked = disk(function.config, release.block)
    remarks = [f"not honoured: the boot mark of virtio-blk on {address}"] if function.boot else []
    if asked is None:
        file, options = f"driver=null-co,node-name={node}-file,size=0", ""
        asked = Disk("")
        # A rescan reaches function 0 of bus 0.
        placeholders = (address.slot,) if address.function == 0 else ()
    else:
        file, options = _image(asked, node, host)
        placeholders = ()
        remarks += [
            f"not honoured: {what} of virtio-blk on {address}" for what in asked.not_honoured
        ]
    front = (
        f"virtio-blk-pci,{place},drive={node},write-cache={_switch(asked.writeback)},"
        f"discard={_switch(asked.discard)},write-zeroes=off"
    )
    if asked.sector:
        front += f",logical_block_size={asked.sector},physical_block_size={asked.physical_sector}"
    raw = f"driver=raw,node-name={node},file={node}-file{options}"
    return Machine(
        ("-blockdev", file, "-blockdev", raw, "-device", front),
        remarks=tuple(remarks),
        placeholders=placeholders,
    )


def _image(asked: Disk, node: str, host: Host) -> tuple[str, str]:
    """Return the node of an image's file, and the options that the node above shares with it."""
    image = disk_image(asked.path, host)
    # acrn-dm opens for reading alone what it may not write.
    options = f",read-only={_switch(asked.read_only or not image.writable)}"
    options += f",discard={'unmap' if asked.discard else 'ignore'}"
    driver = "host_device" if image.block_device else "file"
    file = f"driver={driver},node-name={node}-file,filename={escaped(asked.path)}{options}"
    return file, options


def _net(function: Function, place: str, host: Host, release: Release) -> Machine:
    address = function.address
    asked = net(function.config, address, release.tap)
    name = device_id(address.slot, address.function)
    remarks = [f"not honoured: vhost of virtio-net on {address}"] if asked.vhost else []
    opened = bool(asked.tap) and host.may_open_taps()
    if opened:
        back = f"tap,id={name}.net,ifname={escaped(asked.tap)},script=no,downscript=no"
    else:
        closed = f"release {release.name} opens no such interface"
        why = "taps cannot be opened here" if asked.tap else closed
        remarks.append(f"not honoured: {asked.first_field} of virtio-net on {address} ({why})")
        back = f"user,id={name}.net,restrict=on"
    front = f"virtio-net-pci,{place},netdev={name}.net,mac={asked.mac},romfile="
    return Machine(
        ("-netdev", back, "-device", front),
        remarks=tuple(remarks),
        unlinked=() if opened else (name,),
    )


def _switch(value: bool) -> str:  # noqa: FBT001  (it is what the function is about)
    return "on" if value else "off"
