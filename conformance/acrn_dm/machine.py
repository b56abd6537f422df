"""An acrn-dm that is starting: what its devices take from one another, in the order they start."""

from typing import Final, NamedTuple

from acrn_dm.host import Bdf, Feature, Host, Need, NeedKind

MAPPED_FROM: Final = 0xF000_0000
_MAPPED_TO: Final = 0xFE00_0000
_WORD: Final = 1 << 32
_PAGE: Final = 4096


class Lock(NamedTuple):
    """A part of a file that a device has locked, in bytes; what is ``shared`` others may read."""

    path: str
    start: int
    end: int
    shared: bool

    def bars(self, other: "Lock") -> bool:
        """Tell whether two devices cannot both have what they want."""
        apart = self.end <= other.start or other.end <= self.start
        return self.path == other.path and not apart and not (self.shared and other.shared)


class Machine:
    """The release, the host, and what is taken already: standard input and output, the LPC.

    ``options`` are those taken, when the devices start; ``terminals`` the paths of pseudo terminals
    that acrn-dm has made itself; ``firmware`` the parts that ``--ovmf`` has named so far; ``locks``
    the parts of disks that are taken; ``handed_over`` how many devices are mapped for the guest.
    ``needs`` are what has been asked of a host that is assumed, each with the token that was being
    looked at.
    """

    def __init__(self, release: str, host: Host) -> None:
        self.release = release
        self.host = host
        self.options: frozenset[str] = frozenset()
        self.stdio_taken = False
        self.taken: set[str] = set()
        self.tcp_ports: set[int] = set()
        self.terminals: set[str] = set()
        self.firmware: set[str] = set()
        self.locks: list[Lock] = []
        self.handed_over = 0
        self.passed_on: set[str] = set()
        self.mapped = MAPPED_FROM
        self.regions_fit = True
        self.acpi_devices: dict[tuple[str, str], list[str]] = {}
        self.virtual_tpm = False
        self.processors = False
        self.token: int | None = None
        self.needs: dict[Need, int | None] = {}

    def take_stdio(self) -> bool:
        """Take standard input and output; False where another device has them."""
        free = not self.stdio_taken
        self.stdio_taken = True
        return free

    def map(self, size: int) -> bool:
        """Give a region its place in the guest; False where there is no room, as acrn-dm counts."""
        size = (size + _PAGE - 1) % _WORD & -_PAGE
        base = ((self.mapped + size - 1) & -size) % _WORD if size else 0
        if (base + size) % _WORD > _MAPPED_TO:
            return False
        self.mapped = base + size
        return True

    def take(self, emulation: str) -> bool:
        """Take the one place there is for an emulation; False where another device has it."""
        free = emulation not in self.taken
        self.taken.add(emulation)
        return free

    def has(self, kind: NeedKind, name: str) -> bool:
        """Tell whether the host has what a path or an id names."""
        need = Need(kind, name)
        return self.host.has(need) and self._assume(need)

    def offers(self, feature: Feature) -> bool:
        """Tell whether the host offers a driver or service."""
        return self.has(NeedKind.FEATURE, feature.value)

    def has_pci(self, bdf: Bdf) -> bool:
        """Tell whether a PCI device is on the host's bus."""
        return bdf in self.host.pci and self._assume(Need(NeedKind.PCI, str(bdf)))

    def has_usb(self, bus: int, port: int) -> bool:
        """Tell whether the host has a USB port."""
        return (bus, port) in self.host.usb and self._assume(Need(NeedKind.USB, f"{bus}-{port}"))

    def wants(self, part: str) -> None:
        """Note what the hypervisor's scenario must hold; nobody can see whether it does."""
        self._assume(Need(NeedKind.SCENARIO, part))

    def _assume(self, need: Need) -> bool:
        if self.host.assumed:
            self.needs.setdefault(need, self.token)
        return True
