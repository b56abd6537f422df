"""How many requests are in flight: more while they are answered at a time, never without bound."""

from pathlib import Path

import pytest
from implementations import CASES, PYTHON

from acrn_conformance.implementation import Settings
from acrn_conformance.implementation.worker import WIDEST
from acrn_conformance.judging import Demands, Judged, Mark, run

IN_BATCHES = """\
import os, sys, time
from pathlib import Path
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
answer, most, rest = replying(KATA_1), 0, b""
while data := os.read(0, 1 << 20):
    *lines, rest = (rest + data).split(b"\\n")
    most = max(most, len(lines))
    Path(sys.argv[1]).write_text(str(most))
    out = BLANKS + b"".join(answer(line) for line in lines)
    while out:
        out = out[os.write(1, out):]
    time.sleep(0.005)
"""


@pytest.mark.parametrize(("blanks", "times"), [(0, 1), (3000, 2)])
def test_who_answers_many_at_a_time_is_asked_many_and_no_more(
    blanks: int, times: int, tmp_path: Path
) -> None:
    """The next are sent before the replies at hand are looked at, also where these are blank."""
    seen, program = tmp_path / "most", tmp_path / "batches.py"
    program.write_text(IN_BATCHES.replace("BLANKS", f"b'\\n' * {blanks}"), "utf-8")
    case = next(case for case in CASES if case.request.method == "limits")
    settings = Settings((*PYTHON, str(program), str(seen)))
    events = list(run([case] * 3000, settings, Demands()))
    assert [event.verdict.mark for event in events if isinstance(event, Judged)] == (
        [Mark.PASS] * 3000
    )
    assert 64 < int(seen.read_text()) <= times * WIDEST
