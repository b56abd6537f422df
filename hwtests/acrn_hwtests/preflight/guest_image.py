"""The guest's kernel and image on the board, and whether a board can boot that kernel."""

from collections.abc import Iterator

from acrn_hwtests.boardfile import BoardFile
from acrn_hwtests.facts import Item
from acrn_hwtests.hosts.host import Host, run
from acrn_hwtests.kernel_options import LARGEST, NEEDED, embedded, written
from acrn_hwtests.preflight.item import test

_READ_SECONDS = 120.0


def file_lines(file: BoardFile, host: Host) -> Iterator[Item]:
    """Tell whether the kernel and the image are there; a stand-in that names none has its own."""
    for field in ("kernel", "image"):
        path: str = getattr(file, field)
        if not path:
            continue
        there = test(host, "-f", path) and test(host, "-s", path)
        remedy = "" if there else f"copy it there, or mend {field} in the board file"
        yield Item(field, path if there else f"{path} is missing or empty", remedy)


def option_line(file: BoardFile, host: Host) -> Iterator[Item]:
    """Tell which options the kernel lacks that a guest on a board needs."""
    if not test(host, "-f", file.kernel):
        return
    reading = ["head", "-c", str(LARGEST), file.kernel]
    options = embedded(run(host, reading, timeout=_READ_SECONDS).output)
    where = "in the image"
    if options is None:
        where = _beside(file.kernel)
        config = run(host, ["cat", where])
        if config.status:
            yield Item("kernel options", f"not known: none in the image, no {where}")
            return
        options = written(config.output)
    missing = [name for name in NEEDED if options.get(name) != "y"]
    remedy = f"build it with {', '.join(f'CONFIG_{name}=y' for name in missing)}"
    yield Item("kernel options", where, remedy if missing else "")


def _beside(kernel: str) -> str:
    """Return where a distribution puts the options of a kernel: ``config-6.1`` by ``vmlinuz-6.1``.

    Kata puts ``config-6.1`` beside ``vmlinuz-6.1`` too; for any other name it is ``NAME.config``.
    """
    folder, slash, name = kernel.rpartition("/")
    for word in ("vmlinuz", "vmlinux", "bzImage"):
        if name.startswith(f"{word}-"):
            return f"{folder}{slash}config{name.removeprefix(word)}"
    return f"{kernel}.config"
