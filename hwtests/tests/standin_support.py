"""Shared by the tests of the stand-in: a host as the verdicts were recorded on, and helpers."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from acrn_standin.command import Command
from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.host import Image
from acrn_standin.machine import Machine
from acrn_standin.parse import parse
from acrn_standin.qemu import machine
from acrn_standin.release import RELEASES

HOST_BRIDGES = ("-s", "0:0,hostbridge", "-s", "1:0,lpc")
PLAIN = (*HOST_BRIDGES, "-k", "/boot/vmlinuz", "vm1")


def _is_file(path: str) -> bool:
    return path.startswith("/") and not path.endswith("/")


@dataclass(frozen=True)
class PretendedHost:
    """Every absolute path is a disk image or can be made; terminals are below ``/dev/pts/``."""

    images: Mapping[str, Image | None] = field(default_factory=dict)
    taps: bool = True

    def image(self, path: str) -> Image | None:
        return self.images.get(path, Image(1 << 20) if _is_file(path) else None)

    def is_terminal(self, path: str) -> bool | None:
        return path.startswith("/dev/pts/") if path.startswith("/") else None

    def has_place_for(self, path: str) -> bool:
        return path.startswith("/") and not path.startswith("/nowhere/")

    def may_open_taps(self) -> bool:
        return self.taps


HOST = PretendedHost({"/boot/initramfs.img": None})


def command(*argv: str, release: str = "v2.5") -> Command:
    found = parse(argv, RELEASES[release])
    assert isinstance(found, Command)
    return found


def built(*argv: str, host: PretendedHost = HOST, release: str = "v2.5") -> Machine:
    return machine(command(*argv, release=release), host, "tcg")


def refusal(*argv: str, host: PretendedHost = HOST, release: str = "v2.5") -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        built(*argv, host=host, release=release)
    return caught.value


def inexpressible(*argv: str) -> str:
    with pytest.raises(InexpressibleError) as caught:
        built(*argv)
    return str(caught.value)


def device_refusal(config: str, host: PretendedHost = HOST) -> str:
    """Return the text of what acrn-dm says of a device that it cannot bring up."""
    error = refusal("-s", f"9,{config}", *PLAIN, host=host)
    assert error.status == 1
    assert not error.on_stderr
    return str(error)


def values(machine: Machine, option: str) -> list[str]:
    return [value for word, value in itertools.pairwise(machine.argv) if word == option]


def device(config: str, host: PretendedHost = HOST) -> Machine:
    """Return what a device on slot 9 adds to the plain machine."""
    whole, plain = built("-s", f"9,{config}", *PLAIN, host=host), built(*PLAIN, host=host)
    assert whole.argv[: len(plain.argv)] == plain.argv
    return Machine(
        whole.argv[len(plain.argv) :],
        whole.remarks[len(plain.remarks) :],
        whole.sockets,
        whole.terminals,
        whole.placeholders,
        whole.unlinked,
        whole.stdio,
    )
