"""Refusals by devices that start: options, consoles, disks, interfaces, what the host lacks."""

from acrn_cmdline.lint.reading import Blame
from acrn_cmdline.lint.rule_form import refusal
from acrn_dm import Block, Console, Input, Lpc, Malformed, Passthrough, Served, Stage, Usb, Vsock
from acrn_dm.tables import PLACEHOLDER


def _starts(blame: Blame, emulation: str = "") -> bool:
    """Tell whether a device (of an emulation) does not start."""
    if blame.fault.stage is not Stage.DEVICE:
        return False
    return not emulation or (blame.function is not None and blame.function.emulation == emulation)


@refusal(
    "stdio-twice",
    fact="Standard input and output serve one device: -lcom1,stdio with an LPC, a PCI uart on "
    "stdio and a virtio-console on stdio conflict with one another.",
    remedy="leave stdio to one device, and use pty, a file or a socket for the other",
)
def stdio_twice(blame: Blame) -> bool:
    """Recognise two devices on stdio."""
    return _starts(blame) and blame.fault.message.endswith("stdio is used by other device")


@refusal(
    "uart-backend",
    fact="A UART's backend is stdio, tcp:PORT, or the path of a tty that is there.",
    remedy="name a tty; --host here looks at this machine",
)
def uart_backend(blame: Blame) -> bool:
    """Recognise a tty that is none, or a TCP port that is no number."""
    return _starts(blame) and blame.fault.message.startswith("uart: ")


@refusal(
    "lpc-place",
    fact="There is one LPC bridge, and it sits on bus 0.",
    remedy="keep one lpc, on bus 0",
)
def lpc_place(blame: Blame) -> bool:
    """Recognise a second LPC, or one on another bus."""
    lpc = blame.function is not None and isinstance(blame.function.device, Lpc)
    return _starts(blame) and lpc


def _follows_path(blame: Blame) -> bool:
    """Tell whether the console's fault lies behind a port that has a path."""
    device = blame.function.device if blame.function else None
    return isinstance(device, Console) and any(port.path for port in device.ports)


@refusal(
    "comma-in-path",
    fact="acrn-dm splits the arguments of virtio-console and virtio-blk at every comma: what is "
    "behind it is taken for the next port or an option.",
    remedy="use a path without a comma",
)
def comma_in_path(blame: Blame) -> bool:
    """Recognise a port that begins inside a path, or an option that looks like part of one."""
    message = blame.fault.message
    if _starts(blame, "virtio-console"):
        return message.startswith("vtcon: invalid backend") and _follows_path(blame)
    if _starts(blame, "virtio-blk") and message.startswith("Invalid device option"):
        return "/" in message or "." in message
    return False


@refusal(
    "console-backend",
    fact="A port of virtio-console is [@]BACKEND:NAME[=PATH] with the backend stdio, tty, pty, "
    "file or socket; without one, which upstream's backend `console` gives, no release takes it.",
    remedy="name a backend, such as @pty:console0",
)
def console_backend(blame: Blame) -> bool:
    """Recognise a port without a backend, or with an unknown one."""
    starts = ("vtcon: invalid backend", "vtcon: invalid opts")
    return _starts(blame, "virtio-console") and blame.fault.message.startswith(starts)


@refusal(
    "console-port-name",
    fact="From v1.1 on a port of virtio-console needs a name behind its backend.",
    remedy="write the port as BACKEND:NAME",
)
def console_port_name(blame: Blame) -> bool:
    """Recognise a backend and nothing behind it."""
    return _starts(blame, "virtio-console") and blame.fault.message.endswith("portname")


@refusal(
    "console-path",
    fact="A socket needs a path (v1.0 aborts on one over 107 bytes) in a folder that is there; a "
    "tty must be one, and a file be in a folder that is there.",
    remedy="make the folder first, and give a path of at most 107 bytes; --host here looks at "
    "this machine",
)
def console_path(blame: Blame) -> bool:
    """Recognise a path that does not do; also more than 16 ports."""
    return _starts(blame, "virtio-console")


@refusal(
    "placeholder-unsupported",
    fact="nodisk is a placeholder from v1.1 on; v1.0 takes it for the path of a file.",
    remedy="leave the placeholders out for v1.0, which knows no rescan either",
)
def placeholder_unsupported(blame: Blame) -> bool:
    """Recognise ``nodisk`` in v1.0."""
    device = blame.function.device if blame.function else None
    return (
        _starts(blame)
        and blame.release not in PLACEHOLDER
        and isinstance(device, Block)
        and "nodisk" in device.path
    )


@refusal(
    "disk-option",
    fact="virtio-blk takes writeback, writethru, ro, discard, sectorsize= and range=, and from "
    "v3.3 on nocache, no_bst_block and aio=; anything else is an error.",
    remedy="leave the option out for these releases, or correct it",
)
def disk_option(blame: Blame) -> bool:
    """Recognise an option that the release does not know."""
    message = blame.fault.message
    return _starts(blame, "virtio-blk") and message.startswith("Invalid device option")


@refusal(
    "disk-missing",
    fact="A disk's file is there, not empty, and a multiple of 512 bytes long, or a device.",
    remedy="give the absolute path of such a file; --host here looks at this machine",
)
def disk_missing(blame: Blame) -> bool:
    """Recognise any other virtio-blk that does not start."""
    return _starts(blame, "virtio-blk")


@refusal(
    "net-arguments",
    fact="virtio-net needs a first field, and a mac= that ether_aton reads, neither multicast nor "
    "all zero.",
    remedy="give an interface and a unicast address, such as mac=02:00:00:00:00:01",
)
def net_arguments(blame: Blame) -> bool:
    """Recognise no field, or a bad address."""
    return _starts(blame, "virtio-net")


@refusal(
    "host-lacks",
    fact="Some devices start only where the host has what they hand on: a PCI or USB device, "
    "vsock, an event device, a driver. The host assumed unless --host here is given has none.",
    remedy="lint on the machine itself with --host here, or leave the device out",
)
def host_lacks(blame: Blame) -> bool:
    """Recognise a device of the host that is not there; virtio-gpu looks while the argv is read."""
    if blame.fault.stage is Stage.ARGV:
        return blame.option == "pci_slot" and "virtio-gpu" in blame.value
    kinds = (Input, Passthrough, Served, Usb, Vsock)
    return (
        _starts(blame) and blame.function is not None and isinstance(blame.function.device, kinds)
    )


@refusal(
    "shared-memory",
    fact="ivshmem takes NAME,BYTES in v2.0, and dm:/NAME,MEBIBYTES or hv:/NAME,MEBIBYTES from v2.3 "
    "on; the size is a power of two, the name without a slash.",
    remedy="write it as the release has it, such as dm:/shm,2 for 2 MiB",
)
def shared_memory(blame: Blame) -> bool:
    """Recognise an ivshmem whose name or size does not do."""
    return _starts(blame, "ivshmem")


@refusal(
    "device-arguments",
    fact="Some devices need arguments, and refuse to start without or with others: passthru "
    "BUS/DEVICE/FUNCTION, xhci BUS-PORT, vhost-vsock cid=N from 3 on, virtio-input PATH.",
    remedy="give the arguments that the device needs",
)
def device_arguments(blame: Blame) -> bool:
    """Recognise any other device whose arguments do not do."""
    malformed = blame.function is not None and isinstance(blame.function.device, Malformed)
    return _starts(blame) and malformed


KINDS = (
    stdio_twice,
    uart_backend,
    lpc_place,
    comma_in_path,
    console_backend,
    console_port_name,
    console_path,
    placeholder_unsupported,
    disk_option,
    disk_missing,
    net_arguments,
    shared_memory,
    device_arguments,
    host_lacks,
)
