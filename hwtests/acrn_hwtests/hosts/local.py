"""The host that is this machine: it is the ACRN service VM itself, or runs the stand-in."""

from collections.abc import Sequence


class LocalHost:
    """Commands are run as they are."""

    name = "this machine"

    def open(self) -> None:
        """Do nothing: we are there."""

    def close(self) -> None:
        """Do nothing."""

    def command(self, argv: Sequence[str], *, terminal: bool = False) -> list[str]:  # noqa: ARG002 - whoever runs it gives it its terminal
        """Return the command itself."""
        return list(argv)

    def socket(self, path: str) -> str:
        """Return the path itself."""
        return path

    def lost(self, status: int) -> bool:  # noqa: ARG002 - part of the protocol
        """Never."""
        return False
