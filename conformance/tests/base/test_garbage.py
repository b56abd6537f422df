"""The collector of garbage looks rarely for as long as it is told to, and no longer."""

import gc

import pytest

from acrn_base.garbage import rarely_collected


def test_the_collector_looks_as_often_as_before_once_the_work_is_over() -> None:
    """Whatever ends it; meanwhile it looks more rarely, and looks."""
    before = gc.get_threshold()

    def work() -> None:
        with rarely_collected():
            assert gc.get_threshold() > before
            assert gc.isenabled()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        work()
    assert gc.get_threshold() == before
