"""Devices that start: options, consoles, disks, interfaces, what the host lacks."""

from collections.abc import Sequence
from typing import Final

from acrn_cmdline.lint.rule_form import Refusal
from acrn_dm import FaultKind

REFUSALS: Final[Sequence[Refusal]] = (
    Refusal(
        FaultKind.STDIO,
        fact="Standard input and output serve one device: -lcom1,stdio with an LPC, a PCI uart on "
        "stdio and a virtio-console on stdio conflict with one another.",
        remedy="leave stdio to one device, and use pty, a file or a socket for the other",
    ),
    Refusal(
        FaultKind.UART,
        fact="A UART's backend is stdio, tcp:PORT, or the path of a tty that is there; from v2.3 "
        "on also vuart_idx:N for the emulation uart.",
        remedy="name a tty; --host here looks at this machine",
    ),
    Refusal(
        FaultKind.LPC_PLACE,
        fact="There is one LPC bridge, and it sits on bus 0.",
        remedy="keep one lpc, on bus 0",
    ),
    Refusal(
        FaultKind.COMMA,
        fact="acrn-dm splits the arguments of virtio-console and virtio-blk at every comma: what "
        "is behind it is taken for the next port or an option.",
        remedy="use a path without a comma",
    ),
    Refusal(
        FaultKind.CONSOLE_BACKEND,
        fact="A port of virtio-console is [@]BACKEND:NAME[=PATH] with the backend stdio, tty, "
        "pty, file or socket; without one, which upstream's backend `console` gives, no release "
        "takes it.",
        remedy="name a backend, such as @pty:console0",
    ),
    Refusal(
        FaultKind.CONSOLE_NAME,
        fact="From v1.2 on a port of virtio-console needs a name behind its backend.",
        remedy="write the port as BACKEND:NAME",
    ),
    Refusal(
        FaultKind.CONSOLE_PATH,
        fact="A socket needs a path (before v1.2 acrn-dm aborts on one over 107 bytes) in a "
        "folder that is there; a tty must be one, and a file be in a folder that is there.",
        remedy="make the folder first, and give a path of at most 107 bytes; --host here looks at "
        "this machine",
    ),
    Refusal(
        FaultKind.CONSOLE_ROLE,
        fact="Behind the path of a socket and a colon stands server or client.",
        remedy="write :server or :client, or use a path without a colon",
    ),
    Refusal(
        FaultKind.TWICE,
        fact="acrn-dm has one xhci, one wdt-i6300esb and, in v3.0, one virtio-gpu.",
        remedy="keep one of them",
    ),
    Refusal(
        FaultKind.GRAPHICS,
        fact="From v1.6 on a real-time VM cannot have the GPU; --lapic_pt makes one before v3.0, "
        "--rtvm always.",
        remedy="leave the GPU to another VM, or make this one no real-time VM",
    ),
    Refusal(
        FaultKind.PLACEHOLDER,
        fact="nodisk is a placeholder from v1.1 on; v1.0 takes it for the path of a file.",
        remedy="leave the placeholders out for v1.0, which knows no rescan either",
    ),
    Refusal(
        FaultKind.DISK_OPTION,
        fact="virtio-blk takes writeback, writethru, ro, discard, sectorsize= and range= behind "
        "its path, from v3.3 on also nocache, no_bst_block and aio=, of which io_uring needs "
        "iothread; anything else is an error. In front of the path stand iothread (v3.1), "
        "iothread=N and mq=N (v3.3).",
        remedy="leave the option out for these releases, or correct it",
    ),
    Refusal(
        FaultKind.DISK,
        fact="A disk's file is there, not empty, and a multiple of 512 bytes long, or a device.",
        remedy="give the absolute path of such a file; --host here looks at this machine",
    ),
    Refusal(
        FaultKind.NET,
        fact="virtio-net needs a first field, and a mac= of six hexadecimal numbers, neither "
        "multicast nor all zero.",
        remedy="give an interface and a unicast address, such as mac=02:00:00:00:00:01",
    ),
    Refusal(
        FaultKind.HOST,
        fact="Some devices start only where the host has what they hand on: a PCI or USB device, "
        "vsock, an event device, a driver. The host that was looked at has none.",
        remedy="leave the device out, or give the machine what it needs",
    ),
    Refusal(
        FaultKind.SHARED_MEMORY,
        fact="ivshmem takes NAME,BYTES in v2.0 and v2.1, and dm:/NAME,MEBIBYTES or "
        "hv:/NAME,MEBIBYTES from v2.2 on; the size is a power of two, the name without a slash.",
        remedy="write it as the release has it, such as dm:/shm,2 for 2 MiB",
    ),
    Refusal(
        FaultKind.ARGUMENTS,
        fact="Some devices need arguments, and refuse to start without or with others: passthru "
        "BUS/DEVICE/FUNCTION, xhci BUS-PORT, vhost-vsock cid=N from 3 on, virtio-input PATH, "
        "virtio-gpu geometry= from v3.1 on.",
        remedy="give the arguments that the device needs",
    ),
)
