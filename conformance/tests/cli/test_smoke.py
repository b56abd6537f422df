"""``smoke`` takes the author of a new implementation by the hand, up to the first hurdle."""

from pathlib import Path

import pytest
from implementations import PYTHON, SERVE, acrn_conformance, claiming, wrong

from acrn_conformance.implementation import UNFLUSHED

LOOP = """\
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    says = {"protocol": 1, "name": "new", "version": "1", "language": "Python", "methods": ["argv"]}
    result = says if request["method"] == "describe" else {"argv": [], "block_slots": []}
    reply = {"jsonrpc": "2.0", "id": request["id"], "result": result}
"""
PLAIN = "    print(json.dumps(reply), flush=True)\n"


def python(text: str) -> tuple[str, ...]:
    return (*PYTHON[:1], "-u", "PYTHONUNBUFFERED", *PYTHON[1:], "-c", text)


def test_every_method_claimed_is_asked_once() -> None:
    """With the id of its case; then comes the command of a whole run."""
    said = acrn_conformance("smoke", "--", *SERVE)
    assert (said.returncode, said.stderr) == (0, "")
    assert "argv: right (argv-no-params)" in said.stdout
    assert "not claimed" not in said.stdout
    assert said.stdout.splitlines()[-1].startswith("no hurdle; next, every case: acrn-conformance ")


def test_what_is_not_claimed_is_named_in_the_order_worth_doing() -> None:
    """The wire's own."""
    said = acrn_conformance("smoke", "--", *claiming("argv", "limits"))
    assert said.returncode == 0
    assert "most useful first: device_valid, device_params, append_devices, " in said.stdout


def test_a_misspelt_method_is_a_hurdle_as_it_fails_a_run() -> None:
    """In the same words, with the method that was meant."""
    said = acrn_conformance("smoke", "--", *claiming("argv", "device_vaild"))
    assert said.returncode == 1
    assert "does not exist: device_vaild (did you mean device_valid?); correct" in said.stdout
    assert "no hurdle" not in said.stdout


def test_a_remedy_is_told_once() -> None:
    """Text on standard output is answered with where it belongs, and with nothing more."""
    said = acrn_conformance("smoke", "--", *python("print('hello', flush=True)\n" + LOOP + PLAIN))
    assert said.stdout.count("standard output is for replies") == 1
    assert "answer with" not in said.stdout


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (python("print('hello', flush=True)\n" + LOOP + PLAIN), "standard output is for replies"),
        (python(LOOP + "    print(json.dumps(reply))\n"), UNFLUSHED.message),
        (python(LOOP + "    reply['id'] += 1\n" + PLAIN), "carries the id 2, and the request 1"),
        (python(LOOP + "    print(reply, flush=True)\n"), "answer with {"),
        (python("raise SystemExit('no luck')"), "exit status 1; its stderr ends: no luck"),
        (python(LOOP), "no answer within 1 s, nor when its input ended"),
        (python(LOOP + "    del says['methods']\n" + PLAIN), "missing required field `methods`"),
        (wrong("answers.ACRN_DM = '/bin/x'"), "case paths-fixed"),
    ],
    ids=["banner", "no-flush", "wrong-id", "no-json", "ends", "silent", "no-methods", "wrong"],
)
def test_it_stops_at_the_first_hurdle_with_the_remedy(command: tuple[str, ...], told: str) -> None:
    """Exit status 1, the line asked, and the case to look at."""
    said = acrn_conformance("smoke", "--timeout", "1", "--", *command)
    assert said.returncode == 1, said.stdout
    assert told in said.stdout
    assert '  asked: {"jsonrpc":"2.0","id":' in said.stdout
    assert "the case in full: acrn-conformance show " in said.stdout


def test_what_cannot_be_started_is_told_in_a_line(tmp_path: Path) -> None:
    """Not there, not executable, or without its interpreter: each has its own remedy."""
    plain = tmp_path / "adapter"
    plain.write_text("#!/nonexistent/python\n", "ascii")
    for path, mode, remedy in (
        (tmp_path / "none", 0o644, "check the path"),
        (plain, 0o644, "make it executable (chmod +x)"),
        (plain, 0o755, "the interpreter in its #! line is not"),
    ):
        plain.chmod(mode)
        said = acrn_conformance("smoke", str(path))
        assert said.returncode == 2
        assert len(said.stderr.splitlines()) == 1
        assert remedy in said.stderr
