"""Part of building the wheel: the manual pages, written from the parsers of the commands."""

import os
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from argparse_manpage.manpage import Manpage
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp

_PARSERS = ("acrn_arch.cli", "acrn_conformance.cli", "acrn_hwtests.command")
"""Modules with a function ``parser`` beside the ``main`` of a command."""


class ManualPages(BuildHookInterface):  # type: ignore[type-arg]  # of any configuration
    """Adds ``share/man/man1`` to the wheel; the parsers need what the commands themselves need."""

    _pages: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the pages, and tell hatchling where they belong."""
        if self.target_name != "wheel" or version == "editable":
            return
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(get_reproducible_timestamp()))
        sys.path[:0] = [str(Path(self.root) / each) for each in self.config["sources"]]
        self._pages = TemporaryDirectory()
        folder = Path(self._pages.name)
        for module in _PARSERS:
            parser = import_module(module).parser()
            page = folder / f"{parser.prog}.1"
            page.write_text(str(Manpage(parser)), "utf-8")
            build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling calls it so
        """Take the pages away: they are in the wheel."""
        if self._pages:
            self._pages.cleanup()
