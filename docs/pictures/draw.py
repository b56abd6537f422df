"""The pictures of the README, drawn from real runs: ``python docs/pictures/draw.py``.

The run is that of the adapter in ``start.md`` with one mistake in it, as a terminal shows it; the
slot map is that of the virtual machine there, as ``show --svg`` draws it. A test draws both again.
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE: Final = Path(__file__).parent
START: Final = HERE.parent / "start.md"
RUN: Final = "run --fail-fast -- python3 adapter.py"
RIGHT, MISTAKE = '{file}"]', '{file.lower()}"]'

_COLUMNS: Final = 100
_FONT: Final = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)
"""Fonts of another host, which a picture in a repository must not ask for."""


def file_of(name: str) -> str:
    """Return a file that ``start.md`` shows."""
    mark = re.escape(f"<!-- file: {name} -->")
    shown = re.search(rf"{mark}\n```\w+\n(.*?)```", START.read_text("utf-8"), re.DOTALL)
    if not shown:
        raise LookupError(f"{START} shows no file {name}")
    return shown[1]


def run(folder: Path) -> str:
    """Return the picture of a run in which a case fails; the folder is for its files."""
    adapter = file_of("adapter.py")
    (folder / "adapter.py").write_text(adapter.replace(RIGHT, MISTAKE), "utf-8")
    console = Console(file=io.StringIO(), width=_COLUMNS, record=True, force_terminal=True)
    console.print(Text(f"$ acrn-conformance {RUN}", "bold"))
    console.print(Text.from_ansi(_on_a_terminal(RUN.split(), folder)))
    return console.export_svg(
        title="acrn-conformance run",
        theme=MONOKAI,
        code_format=_FONT.sub("", CONSOLE_SVG_FORMAT),
        unique_id="run",
    )


def slot_map(folder: Path) -> str:
    """Return the slot map of the virtual machine; the folder is for its files."""
    (folder / "vm.toml").write_text(file_of("vm.toml"), "utf-8")
    vm = ("-m", "acrn_arch", "argv", "--json", str(folder / "vm.toml"))
    written = subprocess.run([sys.executable, *vm], capture_output=True, text=True, check=True)
    argv = json.loads(written.stdout)
    picture = folder / "map.svg"
    show = ("-m", "acrn_conformance", "show", "--release", "v2.5", "--svg", str(picture), "--")
    subprocess.run([sys.executable, *show, *argv], stdout=subprocess.DEVNULL, check=True)
    return picture.read_text("utf-8")


def _on_a_terminal(words: list[str], folder: Path) -> str:
    """Return what a command writes where standard output is a terminal, colours and all."""
    ours, theirs = os.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(_COLUMNS)}
    command = [sys.executable, "-m", "acrn_conformance", *words]
    with (
        os.fdopen(ours, "rb", buffering=0) as screen,
        subprocess.Popen(
            command, cwd=folder, stdout=theirs, stderr=subprocess.DEVNULL, env=environment
        ),
    ):
        os.close(theirs)
        shown = b""
        while True:
            try:
                read = screen.read(65536)
            except OSError:  # the terminal's other end is closed: that is how it ends on Linux
                read = b""
            if not read:
                return shown.decode("utf-8").replace("\r\n", "\n")
            shown += read


PICTURES = {"run.svg": run, "slot-map.svg": slot_map}


def main() -> None:
    """Draw all pictures anew."""
    for name, draw in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            (HERE / name).write_text(draw(Path(folder)), "utf-8")


if __name__ == "__main__":
    main()
