"""What is measured on: a typical guest, its command line, and a script that launches it."""

from acrn_arch import (
    Block,
    Bridge,
    Config,
    Console,
    Device,
    Kernel,
    Lpc,
    Memory,
    Net,
    PortType,
    command,
)

PLACEHOLDERS = 8
SCRIPT_LINES = 300


def guest(disks: int = PLACEHOLDERS) -> Config:
    """Return the guest of a sandbox: five devices, and so many placeholders for disks."""
    devices: tuple[Device, ...] = (
        Bridge(0, "hostbridge"),
        Lpc(0, "lpc"),
        Console("console0", "socket", PortType.CONSOLE, "/run/vc/vm/1/console.sock"),
        Block("/usr/share/kata-containers/kata-containers.img", 0),
        # Nothing is recorded beyond the table, and a line in a log for each would be measured.
        *(Block("nodisk", 1 + number % PLACEHOLDERS) for number in range(disks)),
        Net("tap", "tap0_kata", "02:42:ac:11:00:02"),
    )
    return Config(
        name="sandbox-1",
        uuid="d2795438-25d6-11e8-864e-cb7a18b34643",
        acpi_virt=True,
        memory=Memory("2048M"),
        kernel=Kernel("/usr/share/kata-containers/vmlinuz.container", "", "quiet panic=1"),
        devices=devices,
    )


def argv(disks: int = PLACEHOLDERS) -> tuple[str, ...]:
    """Return the guest's command line, without the program."""
    return command(guest(disks)).argv


def calls(number: int, first: int = 0) -> str:
    """Return a script of so many calls, each with holes in words that no other call has."""
    call = (
        "acrn-dm -A -m $memory{n} -s 0:0,hostbridge -s 3,virtio-blk,/disk{n}/$image,ro "
        "-s 4,virtio-net,tap0,mac=$mac -k /vmlinux -B 'quiet vm={n}' vm{n}\n"
    )
    return "".join(call.format(n=n) for n in range(first, first + number))


def script(lines: int = SCRIPT_LINES) -> str:
    """Return a launch script of about so many lines, as boards have them: one call at the end."""
    step = """\
# part {n}: what is set up before the guest starts
part{n}_name="vm{n}"
if [ ! -e "/sys/class/net/$part{n}_name" ]; then
    ip tuntap add dev "$part{n}_name" mode tap || exit 1
    ip link set dev "$part{n}_name" master br0
fi
for cpu in 1 2 3; do
    echo 0 > "/sys/devices/system/cpu/cpu$cpu/online"
done

"""
    words = argv()
    call = ["acrn-dm", *(f"{' '.join(words[n : n + 2])}" for n in range(0, len(words), 2))]
    parts = (lines - len(call)) // step.count("\n")
    head = "#!/bin/bash\n" + "".join(step.format(n=n) for n in range(parts))
    return head + " \\\n    ".join(call) + "\n"
