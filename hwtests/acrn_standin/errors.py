"""Errors that end a start: acrn-dm's own refusals, and what the stand-in cannot do in its place."""

INEXPRESSIBLE = 64
"""Exit status where acrn-dm would go on and the stand-in cannot (sysexits' EX_USAGE)."""


class RefusedError(Exception):
    """acrn-dm refuses; ``status`` is its exit status, the text its line, empty where it is silent.

    ``on_stderr``: acrn-dm writes this one on stderr; most go to stdout. ``notices`` are what it
    has said before, on stdout.
    """

    def __init__(
        self,
        status: int,
        message: str = "",
        *,
        on_stderr: bool = False,
        notices: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.on_stderr = on_stderr
        self.notices = notices


class InexpressibleError(Exception):
    """acrn-dm knows what is asked for, the stand-in has no way to do it; the text names it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"stand-in: cannot express {what}")


class StateFolderError(Exception):
    """The folder of the control sockets cannot be used, or the name is taken; the text says why."""


class StartError(Exception):
    """QEMU could not be started; the text says why, with the remedy."""


class RescanError(Exception):
    """A rescan failed; the text says why."""
