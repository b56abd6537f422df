"""Shared by the tests of the model: a command line that every release takes, and its parts."""

from collections.abc import Sequence

from acrn_dm import RECORDING, RELEASES, Command, Device, Fault, Host, parse, read

PLAIN = ("-m", "512M", "-s", "0:0,hostbridge", "-k", "/vmlinux", "vm1")

PROCESSORS = ("--cpu_affinity", "0")
"""What releases from v2.7 on need for their ACPI tables, and those before v1.6.1 do not know."""


def completed(argv: Sequence[str], release: str) -> tuple[str, ...]:
    """Return an argv with processors where a release needs them and the argv names none."""
    named = any(word.startswith("--cpu_affinity") for word in argv)
    if named or RELEASES.index(release) < RELEASES.index("v2.7"):
        return tuple(argv)
    end = list(argv).index("--") if "--" in argv else len(argv)
    return (*argv[:end], *PROCESSORS, *argv[end:])


def verdict(*argv: str, release: str, host: Host = RECORDING) -> Command | Fault:
    return parse(completed(argv, release), release, host)


def command(*argv: str, release: str = "v3.3", host: Host = RECORDING) -> Command:
    found = verdict(*argv, release=release, host=host)
    assert isinstance(found, Command), found
    return found


def fault(*argv: str, release: str = "v3.3", host: Host = RECORDING) -> Fault:
    found = verdict(*argv, release=release, host=host)
    assert isinstance(found, Fault), found
    return found


def accepting(*argv: str, host: Host = RECORDING) -> list[str]:
    """Return the releases that take the tokens in front of the plain command line."""
    return taking(*argv, *PLAIN, host=host)


def takes(config: str) -> list[str]:
    """Return the releases that take a device."""
    return accepting("-s", f"9,{config}")


def taking(*argv: str, host: Host = RECORDING) -> list[str]:
    """Return the releases that take a whole command line."""
    return [each for each in RELEASES if verdict(*argv, release=each, host=host).accepted]


def releases(first: str = "v1.0", last: str = "master") -> list[str]:
    return list(RELEASES[RELEASES.index(first) : RELEASES.index(last) + 1])


def device(config: str, release: str = "v3.3", host: Host = RECORDING) -> Device:
    """Return the arguments of a device on slot 9."""
    argv = completed(("-s", f"9,{config}", *PLAIN), release)
    return read(argv, release, host).command.functions[-1].device


def placeless(command: Command) -> Command:
    """Return what a command says, wherever its tokens stand."""
    return command._replace(
        functions=tuple(each._replace(token=0) for each in command.functions),
        ports=tuple(each._replace(token=0) for each in command.ports),
        options=tuple(each._replace(token=0, at=0) for each in command.options),
        notices=(),
        name_token=None,
    )
