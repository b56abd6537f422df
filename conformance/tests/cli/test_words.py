"""Words of a command line: help everywhere, wrong ones told, a foreign command found without --."""

import pytest
from implementations import acrn_conformance

from acrn_conformance.cli import COMMANDS

pytestmark = pytest.mark.unmeasured


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"help"}))
def test_help_of_a_command_can_be_asked_for_in_three_ways(name: str) -> None:
    """`help NAME`, `NAME -h` and `-h NAME` say the same."""
    said = acrn_conformance("help", name)
    assert said.returncode == 0
    assert said.stdout.startswith(f"usage: acrn-conformance {name}")
    for words in ((name, "-h"), ("-h", name)):
        assert acrn_conformance(*words).stdout == said.stdout


def test_help_alone_names_every_command() -> None:
    """It is the help of the whole."""
    said = acrn_conformance("help").stdout
    assert said == acrn_conformance("--help").stdout
    assert all(f"    {name}" in said for name in COMMANDS)


@pytest.mark.parametrize(
    ("words", "usage", "told"),
    [
        (("run", "--jsn", "x"), "run", "no option '--jsn'; did you mean --json?"),
        (("lint", "--relaese=v3.0"), "lint", "did you mean --release?"),
        (("list", "--zzz"), "list", "no option '--zzz' (acrn-conformance list --help tells more)"),
        (("list", "what"), "list", "no use for 'what'"),
        (("run", "--mode", "strem"), "run", "'strem' is no choice; did you mean stream?"),
        (
            ("run", "--level", "x"),
            "run",
            "'x' is no choice; choose from required, quirk, extension",
        ),
        (("lint", "--fail-on", "all"), "lint", "choose from refused, silent, risky, needs"),
        (("lint", "--host", "x"), "lint", "choose from named, here, recording"),
        (("lint", "--profile", "zz"), "lint", "choose from kata, acrn"),
        (("show", "--pid", "9" * 5000), "show", "is no id of a process; give its number"),
        (("fuzz", "--seed"), "fuzz", "argument --seed: expected one argument"),
    ],
)
def test_a_wrong_option_shows_the_usage_of_its_command(
    words: tuple[str, ...], usage: str, told: str
) -> None:
    """The usage, and one line with what is wrong, where, and the remedy."""
    said = acrn_conformance(*words)
    assert said.returncode == 2
    assert said.stderr.startswith(f"usage: acrn-conformance {usage} ")
    last = said.stderr.splitlines()[-1]
    assert last.startswith(f"acrn-conformance {usage}: ")
    assert told in last


@pytest.mark.parametrize(
    ("word", "told"), [("rnu", "did you mean run?"), ("\x1b[2Jx", r"no command '\x1b[2Jx'")]
)
def test_a_wrong_command_is_told_in_a_line(word: str, told: str) -> None:
    """With the one that was probably meant."""
    said = acrn_conformance(word)
    assert said.returncode == 2
    assert len(said.stderr.splitlines()) == 1
    assert told in said.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("lint", "acrn-dm", "-m", "1G", "--cpu_affinity", "1", "vm"),
        ("lint", "--release", "v3.0", "/usr/bin/acrn-dm", "-m", "1G", "vm"),
        ("lint", "sudo", "acrn-dm", "-m", "1G", "vm"),
        ("show", "acrn-dm", "-s", "3,virtio-rnd", "vm"),
        ("show", "--slots", "./acrn-dm", "-s", "3,virtio-rnd", "--help", "vm"),
        ("run", "--select", "limits-*", "/nonexistent/adapter", "--select", "-x"),
        ("run", "--sel", "limits-*", "--fail-fast", "--mode=exec", "/nonexistent/adapter", "-h"),
    ],
)
def test_a_foreign_command_needs_no_dashes_before_it(words: tuple[str, ...]) -> None:
    """From its first word on everything is its own, just as behind --."""
    program = next(i for i, word in enumerate(words) if word.endswith(("acrn-dm", "adapter")))
    plain = acrn_conformance(*words)
    dashed = acrn_conformance(*words[:program], "--", *words[program:])
    assert "usage" not in plain.stderr
    assert plain.returncode == dashed.returncode
    assert (plain.stdout, plain.stderr) == (dashed.stdout, dashed.stderr)
