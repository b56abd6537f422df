"""A runtime's life, step by step: devices appended, guests launched, disks shown to them."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from acrn_arch import Arch, BlockTable, Config, Device, Endpoint, block_rescan, command
from acrn_arch.config import RESERVED_SLOT
from acrn_arch.errors import ArchError, NegativeIndexError, RescanError
from acrn_arch.table import POOL_SIZE

TEXTS = st.sampled_from(["", "/a", "a,b", "nodisk", "-s"])


class Runtime(RuleBasedStateMachine):
    """One arch object and the guests that it launches, beside a model of what must be true."""

    guests = Bundle("guests")

    def __init__(self) -> None:
        super().__init__()
        self.arch = Arch("/image")
        self.devices: tuple[Device, ...] = ()
        self.launched: list[tuple[Config, tuple[str, ...], BlockTable]] = []
        self.parameters = self.arch.kernel_parameters(debug=False)

    def _appended(self, devices: tuple[Device, ...]) -> None:
        assert devices[: len(self.devices)] == self.devices
        self.devices = devices

    @rule()
    def append_bridges(self) -> None:
        self._appended(self.arch.append_bridges(self.devices))

    @rule()
    def append_lpc(self) -> None:
        self._appended(self.arch.append_lpc(self.devices))

    @rule(path=TEXTS)
    def append_console(self, path: str) -> None:
        self._appended(self.arch.append_console(self.devices, path))

    @rule(name=TEXTS, path=TEXTS)
    def append_socket(self, name: str, path: str) -> None:
        self._appended(self.arch.append_socket(self.devices, name, path))

    @rule(kind=st.sampled_from(["veth", "macvtap", "physical"]), name=TEXTS, mac=TEXTS)
    def append_network(self, kind: str, name: str, mac: str) -> None:
        endpoint = Endpoint(kind, "default", name, mac)
        before = self.devices
        self._appended(self.arch.append_network(self.devices, endpoint))
        assert (self.devices == before) == (kind == "physical")

    @rule(file=TEXTS, index=st.integers(-1, 10))
    def append_block_device(self, file: str, index: int) -> None:
        before = self.devices
        self._appended(self.arch.append_block_device(self.devices, file, index))
        assert (self.devices == before) == (file == "")

    @rule()
    def forget_devices(self) -> None:
        self.devices = ()

    @rule(debug=st.booleans())
    def ask_for_parameters(self, debug: bool) -> None:  # noqa: FBT001  (drawn by name)
        self.arch.kernel_parameters(debug=debug)

    @rule(target=guests, name=TEXTS)
    def launch(self, name: str) -> tuple[str, BlockTable] | None:
        config = Config(name=name, devices=self.devices)
        try:
            built = command(config)
        except NegativeIndexError:
            indices = [getattr(device, "index", 0) for device in self.devices]
            assert min(indices) < 0
            return None
        self.launched.append((config, built.argv, built.block_table))
        return name, built.block_table

    @rule(guest=guests, index=st.integers(-1, 9), file=TEXTS)
    def rescan(self, guest: tuple[str, BlockTable] | None, index: int, file: str) -> None:
        if guest is None:
            return
        name, table = guest
        try:
            argv = block_rescan(name, table, index, file)
        except RescanError:
            assert file == "" or not 0 <= index < POOL_SIZE
        else:
            assert argv == ("blkrescan", name, f"{table.slots[index]},{file}")

    @invariant()
    def what_was_launched_stays_as_it_was(self) -> None:
        """No later step reaches into an earlier guest."""
        for config, argv, table in self.launched:
            built = command(config)
            assert (built.argv, built.block_table) == (argv, table)

    @invariant()
    def parameters_stay_as_they_were(self) -> None:
        """Asking again never changes an earlier result."""
        assert self.parameters == self.arch.kernel_parameters(debug=False)

    @invariant()
    def nothing_sits_on_the_reserved_slot(self) -> None:
        """Whatever has been appended, slot 2 stays free."""
        try:
            pieces = command(Config(devices=self.devices)).pieces
        except ArchError:
            return
        assert RESERVED_SLOT not in [piece.slot for piece in pieces]


TestRuntime = Runtime.TestCase
