"""Requests that nobody wrote down: `fuzz` draws them at random, `exhaustive` enumerates them."""

from acrn_conformance.search.asker import Finding
from acrn_conformance.search.leak import Tracing
from acrn_conformance.search.subject import Subject

__all__ = ["Finding", "Subject", "Tracing"]
