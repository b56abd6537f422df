"""Places: calls by an absolute path are caught too, or it is said that they are not."""

import os
import subprocess
from pathlib import Path

import pytest
from captures import (
    COMMAND,
    argvs,
    calls_in,
    capture,
    eventually,
    nothing_left,
    runtime,
    start,
)

from acrn_cmdline.capture.covering import cover

REAL = "#!/bin/sh\necho the real one\n"


def program(path: Path, text: str = REAL) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "ascii")
    path.chmod(0o755)
    return path


def without_namespaces(*words: str) -> subprocess.CompletedProcess[str]:
    """Capture where the machine forbids namespaces of mounts, as an administrator may do."""
    forbid = 'echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"'
    command = ("unshare", "--user", "--map-root-user", "sh", "-c", forbid, "sh", *COMMAND, *words)
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_programs_that_are_not_installed_are_caught_where_scripts_look(tmp_path: Path) -> None:
    """An absolute path needs no program there, and afterwards there is none."""
    paths = [f"/usr/{place}/acrn-dm" for place in ("bin", "sbin", "local/bin", "local/sbin")]
    if any(map(os.path.lexists, paths)):
        pytest.skip("a real acrn-dm is installed here")
    run = capture("--out", "calls", "--", *runtime(*paths, "/bin/acrnctl list", "ls /usr/bin/env"))
    assert argvs(tmp_path / "calls") == [[]] * 4 + [["list"]]
    assert "/usr/bin/env\n" in run.stdout
    assert not any(map(os.path.lexists, paths))


def test_a_program_on_path_is_covered_and_not_run(tmp_path: Path) -> None:
    """Its own path leads to the stand-in; the file is as it was."""
    real = program(tmp_path / "bin" / "acrn-dm")
    path = f"{real.parent}:{os.environ['PATH']}"
    for options in ((), ("--harmless",)):
        command = runtime(f"{real} one; acrn-dm two; cd bin; ./acrn-dm three")
        run = capture("--out", "calls", *options, "--", *command, PATH=path)
        assert argvs(tmp_path / "calls") == [["one"], ["two"], ["three"]]
        assert "the real one" not in run.stdout
    assert real.read_text("ascii") == REAL


def test_a_link_to_a_program_of_another_name_leaves_that_alone(tmp_path: Path) -> None:
    """Many a fake acrn-dm is a link to /bin/true, which scripts need."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "acrn-dm").symlink_to("/bin/echo")
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    command = runtime(f"{tmp_path}/bin/acrn-dm one; /bin/echo echoes")
    run = capture("--out", "calls", "--", *command, PATH=path)
    assert argvs(tmp_path / "calls") == [["one"]]
    assert "echoes\n" in run.stdout


def test_odd_folders_on_path_are_covered_or_left_out(tmp_path: Path) -> None:
    """Folders that are not there, or twice, or the working folder, do no harm."""
    here = program(tmp_path / "acrn-dm")
    found = cover(f"/nowhere::{tmp_path}:{tmp_path}/.:")
    assert found.files == (here,)
    assert tmp_path not in found.folders
    assert Path("/usr/bin").resolve() in found.folders


def test_the_places_are_told_before_the_command_starts() -> None:
    """And, once, what a plain capture does not prevent."""
    run = capture("--", *runtime("echo begins; acrn-dm vm"))
    told, _, _ = run.stdout.partition("begins\n")
    assert "/usr/bin" in told
    assert run.stderr.count("really happens") == 1
    assert "--harmless" in run.stderr
    assert capture("--harmless", "--", "acrn-dm").stderr == ""


def test_a_user_who_is_not_root_can_capture(tmp_path: Path) -> None:
    """Without any capability a user namespace gives what is needed, and takes it away again."""
    powerless = ("setpriv", "--bounding-set=-all,+setfcap", "--inh-caps=-all", *COMMAND)
    if os.geteuid() != 0:
        pytest.skip("who runs the tests has no capabilities to give up")
    for options in ((), ("--harmless",)):
        words = (*powerless, "--out", "calls", *options, "--", *runtime("/usr/bin/acrn-dm vm"))
        run = subprocess.run(words, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert argvs(tmp_path / "calls") == [["vm"]]


def test_forbidden_namespaces_are_told_with_the_way_out(tmp_path: Path) -> None:
    """Nothing is run unless a folder for the stand-ins is named; no world without harm is there."""
    for options, remedy in (((), "--stand-ins DIR"), (("--harmless",), "run it as root")):
        run = without_namespaces(*options, "--", "touch", "trace")
        assert run.returncode == 2
        assert remedy in run.stderr
        assert not (tmp_path / "trace").exists()


def test_a_folder_that_the_user_names_needs_no_namespaces(tmp_path: Path) -> None:
    """Its stand-ins come first on PATH; that other absolute paths are not caught is said."""
    ways = 'acrn-dm 1 & "$PWD/own/acrn-dm" 2 & env -i own/acrn-dm 3 & (exec own/acrn-dm 4 &)'
    command = runtime(ways, "until [ $(wc -l <calls) = 4 ]; do sleep 0.05; done")
    run = without_namespaces("--stand-ins", "own", "--stay", "--out", "calls", "--", *command)
    assert run.returncode == 0, run.stderr
    assert "calls by another absolute path are not caught: " in run.stdout
    assert sorted(argvs(tmp_path / "calls"), key=str) == [["1"], ["2"], ["3"], ["4"]]
    assert not (tmp_path / "own").exists()
    assert nothing_left(tmp_path)


def test_a_service_that_was_there_before_is_captured_too(tmp_path: Path) -> None:
    """Whoever calls a stand-in in the folder is recorded and ended, whose child it may be."""
    command = runtime("own/acrn-dm inside & until [ -e done ]; do sleep 0.05; done")
    running = start("--stay", "--stand-ins", "own", "--out", "calls", "--", *command)
    eventually(calls_in(tmp_path / "calls", 1))
    service = subprocess.Popen([tmp_path / "own" / "acrn-dm", "from", "outside"])
    eventually(calls_in(tmp_path / "calls", 2))
    (tmp_path / "done").touch()
    out, _ = running.communicate(timeout=20)
    assert service.wait(10) == 0
    assert running.returncode == 0
    assert "2 calls captured" in out
    assert argvs(tmp_path / "calls") == [["inside"], ["from", "outside"]]
    assert not (tmp_path / "own").exists()


def test_a_folder_of_stand_ins_holds_nothing_else(tmp_path: Path) -> None:
    """What is in it is never overwritten or removed; what cannot stand in PATH is refused."""
    real = program(tmp_path / "bin" / "acrn-dm")
    (tmp_path / "a:b").mkdir()
    for name, reason in (("bin", "not empty"), ("a:b", "its name cannot"), ("x/y", "No such file")):
        run = capture("--stand-ins", name, "--", "true")
        assert run.returncode == 2
        assert f"--stand-ins {name}: " in run.stderr
        assert reason in run.stderr
    assert real.read_text("ascii") == REAL
    assert (tmp_path / "a:b").is_dir()
