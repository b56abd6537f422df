"""A soak: a million cases judged in one process, and the most memory occupied on the way.

``python -m bench.soak``, in ``conformance/``, prints a line for 10,000, 100,000 and 1,000,000
cases; what the judge occupies shall not grow with them.
"""

import resource
import sys
from collections.abc import Sequence
from itertools import cycle, islice

from acrn_conformance.cases import Case
from acrn_conformance.implementation import Answered, Pool, Settings, wire
from acrn_conformance.judging import Mark, judge
from bench import work

_SIZES = (10_000, 100_000, 1_000_000)


def peak() -> float:
    """Return the most memory that this process has occupied so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def soaked(sizes: Sequence[int]) -> None:
    """Judge so many cases, all of which pass, and print what that occupied."""
    once = [case for case in work.cases(2_000) if case.expect.result]
    requests = ((case, wire.prepare(case.request, case.expect.result)) for case in cycle(once))
    judged = 0
    with Pool[Case](Settings(work.CANNED)) as pool:
        for size in sizes:
            for event in pool.outcomes(islice(requests, size - judged)):
                assert isinstance(event, Answered)
                assert judge(event.key, event.outcome).mark is Mark.PASS
                judged += 1
            print(f"{judged:>9,} cases: {peak():.1f} MiB", flush=True)


if __name__ == "__main__":
    soaked([int(word) for word in sys.argv[1:]] or _SIZES)
