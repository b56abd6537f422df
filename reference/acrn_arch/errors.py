"""Refusals of the arch layer, one type per kind of fault."""


class ArchError(ValueError):
    """A request that the arch layer refuses; the text says what and how to mend it."""


class NegativeIndexError(ArchError):
    """A block device carries an index below 0 (upstream: a runtime panic, seed line 401)."""

    def __init__(self, index: int) -> None:
        super().__init__(f"block index {index} is negative; give an index from 0 up")


class MissingImageError(ArchError):
    """The guest image is not there, or no image was named (seed: appendImage)."""

    def __init__(self, path: str) -> None:
        super().__init__(f"guest image {path!r} does not exist; name an existing image file")


class RescanError(ArchError):
    """A block rescan that upstream refuses: no file, or an index outside the pool."""


class NameLengthError(ArchError):
    """A sandbox's name is longer than the dialect lets it be, in bytes."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"name {name[:40]!a} is longer than {limit} bytes; give a shorter id")


class MissingCpuError(ArchError):
    """A sandbox has no CPU, without which no acrn-dm of the dialect starts it."""

    def __init__(self) -> None:
        super().__init__("no CPU: give apic_id, the local APIC ids of the guest's CPUs")


class CpuIndexError(ArchError):
    """The stored CPU index is no number, or names no CPU (upstream: an error, or a panic)."""


class RangeError(ArchError):
    """A number that its field cannot hold (memory: uint64)."""


class ArgumentError(ArchError):
    """An argument that no process can be given: it holds a NUL or a lone surrogate."""

    def __init__(self, position: int, token: str) -> None:
        super().__init__(
            f"argument {position} ({token[:40]!r}) holds a NUL or a lone surrogate, "
            "which no process can be given; remove it"
        )


class StartError(ArchError):
    """acrn-dm could not be executed at all (upstream: a nil-pointer panic)."""

    def __init__(self, program: str, reason: str) -> None:
        super().__init__(
            f"cannot execute {program!r}: {reason}; install acrn-dm or set the path of one"
        )


class EarlyExitError(ArchError):
    """acrn-dm ended within the grace time."""

    def __init__(self, program: str, status: int, output: bytes) -> None:
        said = output.decode("utf-8", "backslashreplace").strip() or "nothing"
        super().__init__(f"{program!r} ended at once with status {status}; it printed: {said}")
        self.status = status
        self.output = output


class DocumentError(ArchError):
    """A document that cannot be read, with the path to the fault (``devices[3].port_type``)."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path
