"""The choices of the command lint: the release by any name, what makes it fail; findings folded."""

import subprocess
import sys

import pytest

PLAIN = ("--cpu_affinity", "0", "-m", "512M", "-s", "0:0,hostbridge", "-k", "/vmlinux", "vm1")


def lint(*words: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "acrn_conformance", "lint", *words)
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    return run


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("v2.6", "v2.6"),
        ("2.6", "v2.6 (v2.6 for 2.6)"),
        ("v2.5.1", "v2.5 (v2.5 for v2.5.1)"),
        ("v1.0.2", "v1.0 (v1.0 for v1.0.2)"),
        ("latest", "v3.3 (v3.3 for latest)"),
        ("master", "master"),
    ],
)
def test_a_release_goes_by_any_of_its_names(name: str, said: str) -> None:
    """The report says which release stands for it."""
    run = lint("--release", name, "--", "acrn-dm", *PLAIN)
    assert f"9 tokens, {said}, profile acrn" in run.stdout


@pytest.mark.parametrize(
    ("fail_on", "extra", "status"),
    [
        ((), (), 0),
        (("needs",), (), 1),
        (("risky",), (), 0),
        ((), ("-A",), 0),
        (("silent",), ("-A",), 1),
        (("risky",), ("-A",), 1),
        (("silent",), ("-s", "9,virtio-blk,x"), 0),
        (("risky",), ("-s", "9,virtio-blk,x"), 1),
        (("refused", "silent"), ("-s", "9,virtio-net,eth0"), 1),
    ],
)
def test_what_fails_can_be_chosen(
    fail_on: tuple[str, ...], extra: tuple[str, ...], status: int
) -> None:
    """A need, what has no effect, and what is risky, besides a refusal."""
    chosen = [word for each in fail_on for word in ("--fail-on", each)]
    run = lint(*chosen, "--release", "v3.3", "--", "acrn-dm", *extra, *PLAIN)
    assert run.returncode == status


def test_that_newer_releases_want_processors_is_said_in_plain_words() -> None:
    """Where an older one takes the line, and none was named."""
    older = PLAIN[2:]
    run = lint("--", "acrn-dm", *older)
    assert "v3.0 and later refuse every line without --cpu_affinity" in run.stdout
    assert "name its release (--release v2.7)" in run.stdout
    assert "refuse every line" not in lint("--release", "v3.3", "--", "acrn-dm", *older).stdout
    assert "refuse every line" not in lint("--", "acrn-dm", *PLAIN).stdout


def test_nothing_to_boot_fails() -> None:
    """No kernel and no firmware: acrn-dm takes the line and stops."""
    words = ("--release", "v3.3", "--", "acrn-dm", "--cpu_affinity", "0", "vm")
    run = lint(*words)
    assert run.returncode == 1
    assert "accepted by 1 of 1 releases" in run.stdout


def test_findings_of_one_kind_are_told_once() -> None:
    """The first in full, of the others where they are, and of many how many."""
    nets = [word for n in range(3, 12) for word in ("-s", f"{n},virtio-net,tap{n}")]
    shown = lint("--release", "v3.3", "--", "acrn-dm", *nets, *PLAIN).stdout
    assert shown.count("silently-ineffective tap-not-opened (v3.3)") == 1
    assert "  also:   4,virtio-net,tap4: no interface is opened for 'tap4'" in shown
    assert "  and 4 more of it; --json shows all" in shown
