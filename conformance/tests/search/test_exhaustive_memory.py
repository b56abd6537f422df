"""What the exhaustive search keeps does not grow with the number of lists: a real run of all."""

import resource
import subprocess
import sys
import time
from pathlib import Path

from implementations import COMMAND

ROOM = 500 << 20
"""Bytes of address space: of 750 million lists, not a byte can be kept of each."""

TELLING = """
import sys
from pathlib import Path
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
reply = replying(KATA_1)
for line in sys.stdin.buffer:
    if b'"argv"' in line:
        Path(sys.argv[1]).touch()
    sys.stdout.buffer.write(reply(line))
    sys.stdout.buffer.flush()
"""


def test_a_search_of_all_lists_of_six_devices_begins_in_little_memory(tmp_path: Path) -> None:
    """The first request is asked, where the tally alone would not have found room."""
    asked = tmp_path / "asked"
    words = ["fuzz", "--exhaustive", "6", "--", sys.executable, "-c", TELLING, str(asked)]
    with subprocess.Popen(
        [*COMMAND, *words],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM)),  # noqa: PLW1509 - this test has no threads
    ) as process:
        try:
            while not asked.exists():
                assert process.poll() is None
                time.sleep(0.02)
        finally:
            process.terminate()
