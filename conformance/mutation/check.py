"""Kill a mutant of the reference: every golden case in this process, then tests of its own.

Exit status 0 where it survives. The goldens come first, since they are quick and kill nearly all.
"""

import sys

import pytest

from acrn_conformance.cases import DIALECTS, Case, golden
from acrn_conformance.implementation import wire
from acrn_conformance.judging import judge
from acrn_conformance.oracle import replying

TESTS = tuple(f"reference/tests/test_{part}.py" for part in ("arch", "cpu", "dialects"))
"""What the wire does not show: values that nobody can change, diagnostics, typed errors."""


def passes(case: Case) -> bool:
    """Judge the reference's own answers to a case, in each of its dialects."""
    line = wire.prepare(case.request).line(1)
    answers = [wire.reply(replying(DIALECTS[name])(line))[1] for name in case.dialects]
    return not any(judge(case, outcome).failing for outcome in answers)


def main() -> int:
    """Run the check, in the root of a copy of the tree."""
    for case in golden.load(golden.folder()).cases():
        if not passes(case):
            print(f"killed by {case.id}")
            return 1
    return pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *TESTS])


if __name__ == "__main__":
    sys.exit(main())
