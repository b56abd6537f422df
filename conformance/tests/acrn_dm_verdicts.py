"""What the tests of the model share: a command line that every release takes, and its parts."""

from acrn_dm import RECORDING, RELEASES, Command, Device, Fault, Host, parse, read

PLAIN = ("-m", "512M", "-s", "0:0,hostbridge", "-k", "/vmlinux", "vm1")


def command(*argv: str, release: str = "v3.3", host: Host = RECORDING) -> Command:
    verdict = parse(argv, release, host)
    assert isinstance(verdict, Command), verdict
    return verdict


def fault(*argv: str, release: str = "v3.3", host: Host = RECORDING) -> Fault:
    verdict = parse(argv, release, host)
    assert isinstance(verdict, Fault), verdict
    return verdict


def accepting(*argv: str, host: Host = RECORDING) -> list[str]:
    """Return the releases that take the tokens in front of the plain command line."""
    return [release for release in RELEASES if parse((*argv, *PLAIN), release, host).accepted]


def releases(first: str = "v1.0", last: str = "v3.3") -> list[str]:
    return list(RELEASES[RELEASES.index(first) : RELEASES.index(last) + 1])


def device(config: str, release: str = "v3.3", host: Host = RECORDING) -> Device:
    """Return the arguments of a device on slot 9."""
    return read(("-s", f"9,{config}", *PLAIN), release, host).command.functions[-1].device
