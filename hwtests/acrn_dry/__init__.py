"""Dry runs: a real acrn-dm in a world of its own, on a stood-in hypervisor device; no guest."""

from acrn_dry import checks, recording
from acrn_dry.bench import Bench, NotApplicableError, Wish, release_of, version
from acrn_dry.building import DryError, build
from acrn_dry.running import Programs

__all__ = [
    "Bench",
    "DryError",
    "NotApplicableError",
    "Programs",
    "Wish",
    "build",
    "checks",
    "recording",
    "release_of",
    "version",
]
