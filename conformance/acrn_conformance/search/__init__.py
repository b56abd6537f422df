"""Requests that nobody wrote down: `fuzz` draws them at random, `exhaustive` enumerates them."""

from acrn_conformance.search.asker import Finding
from acrn_conformance.search.subject import Subject
from acrn_conformance.search.tracing import Tracing

__all__ = ["Finding", "Subject", "Tracing"]
