"""Commands that documents show: each is run as a reader would, or what it names is there."""

import configparser
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY
from documents import Block, blocks, documents, marked

pytestmark = pytest.mark.unmeasured

LAUNCH = """\
#!/bin/sh
# A launch script as they come with ACRN.
mem_size=2048M
acrn-dm -A -m $mem_size -s 0:0,hostbridge -s 1:0,lpc -l com1,stdio \\
  -s 3,virtio-blk,/home/acrn/uos.img -s 4,virtio-net,tap0 -k /vmlinux -B "root=/dev/vda1 rw" vm1
"""
SHELL = {"sh", "console", "bash"}
NAMES = [str(path.relative_to(REPOSITORY)) for path in documents()]
FAILED = re.compile(r"# exit status (\d+)")
NOTING = "trap 'echo $? >>\"$STATUSES\"' ERR; set -o pipefail\n"
"""Put before a block: each command's status that is not 0 is noted, and the next one is run."""


def shown(name: str) -> list[Block]:
    return [*blocks(REPOSITORY / name)]


def all_shown() -> Iterator[tuple[str, Block]]:
    for name in NAMES:
        yield from ((name, block) for block in shown(name))


def runnable(block: Block) -> bool:
    return block.language in SHELL and not {"not run", "run", "test"} & block.marks.keys()


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Return a folder with what a reader has: an adapter, a launch script, a VM's description."""
    serve = shlex.join([sys.executable, "-m", "acrn_conformance", "serve"])
    files = {
        "adapter": f"#!/bin/sh\nexec {serve}\n",
        "adapter.py": marked("docs/start.md", "file", "adapter.py"),
        "launch_uos.sh": LAUNCH,
        "vm.toml": marked("docs/start.md", "file", "vm.toml"),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "adapter").chmod(0o755)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if any(map(runnable, shown(name)))])
def test_the_commands_of_a_document_run(name: str, world: Path) -> None:
    """From top to bottom, in one folder; each ends with status 0, or with the one that is shown."""
    statuses = world / "statuses"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # What is covered other tests show; commands are as slow as their readers know them.
    left = ("COVERAGE_", "GITHUB_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(left)}
    for block in shown(name):
        if "file" in block.marks:
            (world / block.marks["file"]).write_text(block.text, "utf-8")
        if not runnable(block):
            continue
        statuses.write_text("")
        run = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-c", NOTING + block.text],
            cwd=world,
            env=kept | {"PATH": path, "STATUSES": str(statuses)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert statuses.read_text().split() == FAILED.findall(block.text), run.stdout + run.stderr


def test_what_is_not_run_says_why() -> None:
    """A reason is a sentence, not a way out."""
    reasons = [block.marks["not run"] for _, block in all_shown() if "not run" in block.marks]
    assert reasons
    assert all(len(reason.split()) > 3 for reason in reasons)


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each command of a block, without the prompt and without comments."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        command: list[str] = []
        for word in [*words, ";"]:
            if word in {"|", "&&", ";", "||"}:
                yield from [command] if command else []
                command = []
            else:
                command.append(word)


@cache
def options(*program: str) -> frozenset[str]:
    """Return the options that a command's own help names."""
    module = {"acrn-conformance": "acrn_conformance", "acrn-arch": "acrn_arch"}[program[0]]
    words = [sys.executable, "-m", module, *program[1:], "--help"]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    return frozenset(re.findall(r"(?<![\w-])--?[a-z][\w-]*", run.stdout))


@cache
def environments() -> frozenset[str]:
    """Return the names of the environments of tox."""
    found = set()
    for head in re.findall(
        r"^\[testenv:(.+)\]$", (REPOSITORY / "tox.ini").read_text(), re.MULTILINE
    ):
        parts = [part.split(",") for part in re.split(r"[{}]", head)]
        found |= {"".join(choice) for choice in product(*parts)}
    return frozenset(found)


def is_there(command: list[str]) -> bool:
    """Hold a command against what is there; tell whether it was one that can be held so."""
    program, words = Path(command[0]).name, command[1:]
    own = words[: words.index("--")] if "--" in words else words
    given = {word.partition("=")[0] for word in own if word.startswith("--")}
    match program:
        case "acrn-conformance" | "acrn-arch":
            subcommand = [word for word in own[:1] if not word.startswith("-")]
            assert given <= options(program, *subcommand), command
        case "acrn-hwtests":
            text = "".join(
                path.read_text("utf-8")
                for path in (REPOSITORY / "hwtests/acrn_hwtests").glob("*.py")
            )
            assert all(f'"{option}"' in text for option in given), command
        case "python" if words[:1] == ["-m"]:
            assert find_spec(words[1]), command
        case "tox" if "-e" in words:
            assert set(words[words.index("-e") + 1].split(",")) <= environments(), command
        case "pip" if "install" in words:
            extras = set(re.findall(r"\[([\w,]+)\]", " ".join(words)))
            table = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
            known = table["project"]["optional-dependencies"].keys()
            assert {name for extra in extras for name in extra.split(",")} <= known, command
        case _:
            return False
    return True


NOT_RUN = [
    pytest.param(block.text, id=f"{name}-{number}")
    for number, (name, block) in enumerate(all_shown())
    if block.language in SHELL and not runnable(block)
]


@pytest.mark.parametrize("text", NOT_RUN)
def test_what_is_not_run_names_what_there_is(text: str) -> None:
    """Subcommands, options, environments and extras; a block without any has nothing to show."""
    assert [command for command in commands(text) if is_there(command)]


def scripts(value: Any) -> Iterator[str]:
    """Yield the shell commands in the configuration of a CI: what stands under run and script."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"run", "script"}:
                yield from [part] if isinstance(part, str) else part
            else:
                yield from scripts(part)
    elif isinstance(value, list):
        for part in value:
            yield from scripts(part)


CONFIGURATIONS = [
    pytest.param(block.text, block.marks["yaml"], id=f"{block.marks['yaml']}-{number}")
    for number, (_, block) in enumerate(all_shown())
    if "yaml" in block.marks
]


@pytest.mark.parametrize(("text", "kind"), CONFIGURATIONS)
def test_configurations_of_a_ci_are_such(text: str, kind: str) -> None:
    """They load, and their commands, inputs, outputs and hooks are there."""
    value = yaml.safe_load(text)
    held = [is_there(command) for script in scripts(value) for command in commands(script)]
    if kind == "pre-commit":
        hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
        named = [hook["id"] for repository in value["repos"] for hook in repository["hooks"]]
        assert set(named) <= {hook["id"] for hook in hooks}
        return
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
    uses = re.findall(r"uses: OWNER/REPOSITORY", text)
    given = {key for step in _steps(value) for key in step.get("with", {})}
    assert given <= action["inputs"].keys()
    assert set(re.findall(r"steps\.judge\.outputs\.(\w+)", text)) <= action["outputs"].keys()
    assert uses or any(held)


def _steps(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the steps that use this repository's action."""
    for job in value.get("jobs", {}).values():
        yield from (s for s in job["steps"] if s.get("uses", "").startswith("OWNER/"))


def test_the_environment_for_tox_is_one() -> None:
    """The part that is shown is read as tox reads it, and its command is there."""
    (text,) = (block.text for _, block in all_shown() if block.marks.get("ini") == "tox")
    parser = configparser.ConfigParser()
    parser.read_string(text)
    (section,) = parser.sections()
    assert section.startswith("testenv:")
    assert all(is_there(command) for command in commands(parser[section]["commands"]))


def test_every_block_of_a_shell_is_one_of_these() -> None:
    """What looks like commands is run or held against what there is: none is passed over."""
    languages = {block.language for _, block in all_shown()}
    assert not languages & {"shell", "shell-session", "bash-session", "sh-session"}
