"""A labgrid farm for tests: a real coordinator and a real exporter on loopback."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_EXPORTER = "exporter"
_STARTS_WITHIN = 20.0
_STOPS_WITHIN = 10.0


def ssh_at(address: str = "127.0.0.1", port: int = 22, username: str = "root") -> dict[str, object]:
    """Return an exporter's resources of a board with an SSH service there."""
    return {"NetworkService": {"address": address, "port": port, "username": username}}


@dataclass(frozen=True, slots=True)
class FarmBoard:
    """A place of the farm, and what the exporter exports for it: class (or name) -> parameters."""

    place: str
    tags: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, object] = field(default_factory=ssh_at)


@dataclass(frozen=True, slots=True)
class Farm:
    """A running farm; ``log`` is the coordinator's."""

    coordinator: str
    log: Path
    own: frozenset[int]

    def client(self, *words: str, identity: str = "") -> str:
        """Run labgrid-client, as HOST/USER where an identity is given; return what it says."""
        return subprocess.run(
            _labgrid("client", f"--coordinator={self.coordinator}", *words),
            check=True,
            stdout=subprocess.PIPE,
            env=_environment(identity),
            encoding="utf-8",
            timeout=30,
        ).stdout

    @contextmanager
    def held(self, place: str, identity: str = "") -> Iterator[None]:
        """Let somebody hold a place."""
        self.client("-p", place, "acquire", identity=identity)
        try:
            yield
        finally:
            self.client("-p", place, "release", identity=identity)

    def holder(self, place: str) -> str:
        """Return HOST/USER who holds the place, or nothing: the coordinator's own word."""
        told = re.findall(
            rf"(?m)^{place}: place (?:acquired by (\S+)|released)$", self.log.read_text()
        )
        return told[-1] if told else ""

    def clients(self) -> list[int]:
        """Return the processes that have to do with this farm, but for the farm itself."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) not in {os.getpid(), *self.own}:
                try:
                    argv = (folder / "cmdline").read_bytes()
                except OSError:  # it has just ended
                    continue
                if self.coordinator.encode() in argv:
                    found.append(int(folder.name))
        return found


@contextmanager
def farm(folder: Path, *boards: FarmBoard, isolated: bool = False) -> Iterator[Farm]:
    """Run a farm of these boards; its files are put into the folder.

    An isolated exporter is one whose resources are to be reached through a proxy.
    """
    state = folder / "coordinator"
    state.mkdir()
    log = folder / "coordinator.log"
    # What a coordinator has saved is there at once: made by labgrid-client, each takes a second.
    (state / "places.yaml").write_text(json.dumps({b.place: _saved(b) for b in boards}))
    with _running(log, state, "coordinator", "-l", "127.0.0.1:0") as coordinator:
        address = _until(log, r"listening on (\S+)", coordinator)
        config = folder / "exporter.yaml"
        # JSON is YAML.
        config.write_text(json.dumps({board.place: board.resources for board in boards}))
        words = ("exporter", "-c", address, "-n", _EXPORTER, *["-i"] * isolated, str(config))
        exporter_log = folder / "exporter.log"
        with _running(exporter_log, folder, *words) as exporter:
            _until(exporter_log, "creating poll task", exporter)
            yield Farm(address, log, frozenset({coordinator.pid, exporter.pid}))


def _saved(board: FarmBoard) -> dict[str, object]:
    """Return a place as the coordinator saves it, without what it has for granted."""
    match = {"exporter": _EXPORTER, "group": board.place, "cls": "*"}
    return {"tags": board.tags, "matches": [match]}


@contextmanager
def _running(log: Path, folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    # Should the test run itself be killed, the kernel ends them.
    with (
        log.open("wb") as output,
        subprocess.Popen(
            ["/usr/bin/setpriv", "--pdeathsig", "KILL", *_labgrid(*words)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(""),
        ) as process,
    ):
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _labgrid(part: str, *words: str) -> list[str]:
    return [sys.executable, "-P", "-m", f"labgrid.remote.{part}", *words]


def _environment(identity: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LG_")}
    host, _, user = identity.partition("/")
    other = {"LG_HOSTNAME": host, "LG_USERNAME": user} if identity else {}
    return plain | {"PYTHONUNBUFFERED": "1"} | other


def _until(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """Wait for a line in a log; return what its last group matched."""
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(pattern, log.read_text()):
            return found[found.lastindex or 0]
        time.sleep(0.05)
    raise AssertionError(f"no {pattern!r} in: ...{log.read_text()[-1500:]}")
