"""Whatever the bytes, a reader answers or refuses them in one line: those that were worth keeping.

`tox -e fuzz-readers` looks for more, guided by coverage.
"""

from pathlib import Path

import pytest

from reader_fuzzing import corpus
from reader_fuzzing.readers import READERS


@pytest.mark.parametrize("name", READERS)
def test_each_input_of_a_corpus_is_read_or_refused(tmp_path: Path, name: str) -> None:
    """Nothing but its own fault comes out of a reader, and that is one line."""
    contents = corpus.inputs(name)
    assert contents
    for content in contents:
        READERS[name].try_on(content, tmp_path)


def test_a_refusal_of_several_lines_is_at_fault(tmp_path: Path) -> None:
    """A reader is held to one line, whatever its input puts into it."""
    reader = READERS["record"]._replace(read=_refusing)
    with pytest.raises(AssertionError, match="several lines"):
        reader.try_on(b"a\nb", tmp_path)


def _refusing(path: Path) -> None:
    raise READERS["record"].fault(path.read_text())
