"""The suite has teeth: deliberately wrong implementations are caught, by goldens and by search."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REPOSITORY
from implementations import COMMAND, UNMEASURED

import acrn_arch
from acrn_conformance.cases import KATA_1, golden
from acrn_conformance.implementation import Settings
from acrn_conformance.judging import Demands, Mark, Run, folded, grouped, run
from miniatures import MINIATURES, unseen
from miniatures.answers import TWISTS
from miniatures.behaviours import BEHAVIOURS
from miniatures.broken import BROKEN, NOT_NAMED
from miniatures.dialects import OF_DIALECTS
from miniatures.judging import command, verdicts
from miniatures.miniature import Constant, Garbled, Miniature, Patch, Stateful
from miniatures.patches import PATCHES
from miniatures.serving import replying
from miniatures.source import PatchError, module, patched
from miniatures.table import PAGE, REQUESTS, SEED

pytestmark = pytest.mark.unmeasured

FOLDER = REPOSITORY / "conformance"
EVERY = (*PATCHES, *TWISTS, *BEHAVIOURS, *OF_DIALECTS)
CASES = tuple(golden.load(golden.folder()).cases())


OWN = {name for case in CASES if KATA_1.name not in case.dialects for name in case.dialects}
"""The dialects, but for kata-1, that have golden cases of their own."""


def of_goldens(miniature: Miniature) -> bool:
    """Tell whether the goldens have cases for what a miniature's dialect does otherwise."""
    return miniature.dialect == KATA_1.name or miniature.dialect in OWN


def named(condition: Callable[[Miniature], bool]) -> list[str]:
    return [name for name, miniature in MINIATURES.items() if condition(miniature)]


def acrn_conformance(*words: str) -> subprocess.CompletedProcess[str]:
    # The miniatures are found where the command is started.
    return subprocess.run(
        [*COMMAND, *words], cwd=FOLDER, capture_output=True, text=True, check=False
    )


def golden_alone(name: str) -> Run:
    """Judge a miniature by the golden files as the command does, but in this process."""
    settings = Settings((*UNMEASURED, *command(name)))
    return folded(CASES, settings, run(CASES, settings, Demands(fail_fast=True)))


def search_alone(name: str, output: Path) -> subprocess.CompletedProcess[str]:
    limits = ("--examples", str(REQUESTS), "--seed", str(SEED), "--output", str(output))
    dialect = ("--dialect", MINIATURES[name].dialect)
    return acrn_conformance("fuzz", *limits, *dialect, "--", *UNMEASURED, *command(name))


@pytest.fixture
def in_their_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the miniatures be found, which is where the command is started."""
    monkeypatch.chdir(FOLDER)


@pytest.mark.usefixtures("in_their_folder")
@pytest.mark.parametrize("name", named(lambda m: of_goldens(m) and m.caught_by == "golden"))
def test_the_golden_files_alone_catch(name: str) -> None:
    """A miniature fails a golden case, where there is no reason on record why it cannot."""
    assert {v.mark for v in golden_alone(name).verdicts} & {Mark.FAIL, Mark.ERROR, Mark.TIMEOUT}


@pytest.mark.usefixtures("in_their_folder")
@pytest.mark.parametrize("name", named(lambda m: of_goldens(m) and m.caught_by == "search"))
def test_the_golden_files_do_not_catch_what_is_said_to_need_the_search(name: str) -> None:
    """A mark that is not true any more has to go."""
    assert golden_alone(name).passed


@pytest.mark.search
@pytest.mark.parametrize("name", [name for name in BROKEN if name not in unseen.BY_GOLDENS])
def test_the_first_group_names_a_rule_that_is_broken(name: str) -> None:
    """But for those on record; a mark that is not true any more has to go."""
    first = grouped(verdicts(MINIATURES[name], CASES))[0].rule
    assert (first in BROKEN[name]) == (name not in NOT_NAMED)


def test_what_a_miniature_breaks_is_on_record() -> None:
    """Of each whose answers are wrong, in themselves, a rule of the golden files or more."""
    wrong = {name for name, m in MINIATURES.items() if not isinstance(m, Stateful | Garbled)}
    assert BROKEN.keys() == wrong
    assert frozenset().union(*BROKEN.values()) <= {case.rule for case in CASES}
    assert NOT_NAMED.keys() <= wrong


@pytest.mark.parametrize("name", ["reserved-slot-used", "index-8-with-comma"])
@pytest.mark.usefixtures("in_their_folder")
def test_in_this_process_a_miniature_is_judged_as_in_its_own(name: str) -> None:
    """A fault in the source, and one in results: the same cases fail, of the same rules."""
    settings = Settings((*UNMEASURED, *command(name)))
    apart = folded(CASES, settings, run(CASES, settings, Demands()))
    here = verdicts(MINIATURES[name], CASES)
    assert [(v.case.id, v.mark) for v in here] == [(v.case.id, v.mark) for v in apart.verdicts]
    assert grouped(here)[0].rule == grouped(apart.verdicts)[0].rule


def test_the_reference_is_itself_again_behind_a_miniature() -> None:
    """Neither what was imported before nor what is imported then has the fault."""
    before = sys.modules["acrn_arch.table"]
    with replying(MINIATURES["eight-entries"]):
        assert len(sys.modules["acrn_arch.table"].BlockTable().slots) == 8
    assert sys.modules["acrn_arch.table"] is vars(acrn_arch)["table"] is before
    assert len(before.BlockTable().slots) == 9


def test_the_command_catches_a_miniature() -> None:
    """What is judged in this process elsewhere is judged so by the command."""
    judged = acrn_conformance("run", "--fail-fast", "--", *UNMEASURED, *command("memory-signed"))
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert re.search("^(FAIL|ERROR|TIMEOUT) ", judged.stdout, re.MULTILINE)


@pytest.mark.search
@pytest.mark.parametrize("name", named(lambda m: m.name not in unseen.BY_SEARCH))
def test_the_search_alone_finds(name: str, tmp_path: Path) -> None:
    """A miniature is found by a search of fixed length, and a case that shows it is written."""
    found = tmp_path / "found.json"
    fuzz = search_alone(name, found)
    assert fuzz.returncode == 1, fuzz.stdout + fuzz.stderr
    assert found.exists()


@pytest.mark.search
@pytest.mark.parametrize("name", list(unseen.BY_SEARCH))
def test_the_search_does_not_find_what_is_said_to_need_the_golden_files(
    name: str, tmp_path: Path
) -> None:
    """A mark that is not true any more has to go."""
    fuzz = search_alone(name, tmp_path / "found.json")
    assert fuzz.returncode == 0, fuzz.stdout + fuzz.stderr


def test_there_are_more_than_a_hundred_and_twenty_miniatures() -> None:
    """Each has a name of its own and says in a sentence what is wrong."""
    names = Counter(miniature.name for miniature in EVERY)
    assert len(MINIATURES) >= 120
    assert [name for name, times in names.items() if times > 1] == []
    for miniature in MINIATURES.values():
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", miniature.name)
        assert re.fullmatch(r"[A-Z`].*\.", miniature.what), miniature.name


def test_no_miniature_is_beyond_both() -> None:
    """Either the golden files or the search catch it; and every mark is of a miniature."""
    assert unseen.BY_GOLDENS.keys() & unseen.BY_SEARCH.keys() == set()
    assert unseen.BY_GOLDENS.keys() | unseen.BY_SEARCH.keys() <= MINIATURES.keys()


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_a_patch_fits_the_reference(patch: Patch | Constant) -> None:
    """Its place and its text occur once, and what comes of it is Python, and something else."""
    source = Path(acrn_arch.__file__).with_name(f"{module(patch)}.py").read_text("utf-8")
    wrong = patched(patch, source)
    assert wrong != source
    compile(wrong, patch.name, "exec")


SOURCE = "A = 1\n\ndef twice():\n    return A + A\n\ndef other():\n    return A\n"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Patch("p", "", "m.twice", "A", "B"), "occurs 2 times in m.twice, not once"),
        (Patch("p", "", "m.other", "twice", "B"), "occurs 0 times in m.other, not once"),
        (Patch("p", "", "m.gone", "A", "B"), "m.gone is 0 times in its module"),
        (Patch("p", "", "m", "A", "B"), "m names nothing in a module"),
        (Constant("p", "", "m.other", 2), "m.other has no value"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(fault: Patch | Constant, message: str) -> None:
    """No miniature is the reference by mistake."""
    with pytest.raises(PatchError, match=message):
        patched(fault, SOURCE)


def test_a_patch_changes_its_place_alone() -> None:
    """The same text elsewhere in the module stays as it is."""
    assert patched(Patch("p", "", "m.other", "A", "B"), SOURCE) == SOURCE.replace("n A\n", "n B\n")
    assert patched(Constant("p", "", "m.A", (2,)), SOURCE) == SOURCE.replace("= 1", "= (2,)")


def test_the_miniatures_are_listed_by_name() -> None:
    """``python -m miniatures --list`` says a line of each."""
    words = [sys.executable, "-m", "miniatures", "--list"]
    ended = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in ended.stdout.splitlines()] == list(MINIATURES)


def test_an_unknown_miniature_is_refused() -> None:
    """The remedy is said."""
    words = [*command("no-such-fault")]
    ended = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "--list names them" in ended.stderr


def test_the_page_names_every_miniature() -> None:
    """The generated page is of the miniatures as they are; its numbers need the long run."""
    lines = PAGE.read_text("utf-8").splitlines()
    rows = [line.split(" | ")[:2] for line in lines if line.startswith("| `")]
    assert rows == [[f"| `{m.name}`", m.what] for m in MINIATURES.values()]
    for name, reason in (*unseen.BY_GOLDENS.items(), *unseen.BY_SEARCH.items(), *NOT_NAMED.items()):
        assert f"* `{name}`: {reason}" in lines
