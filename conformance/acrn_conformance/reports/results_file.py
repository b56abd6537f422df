"""The results file: one JSON document that has a case a line, and is of use cut off anywhere.

The first line is all that is known when judging begins, the last what is known at its end. While a
run goes on its verdicts are added as they come; one that is taken back has a line of its own, and
so has each kind of fault of the protocol. The end replaces all of it by the whole document, in the
order of the cases.
"""

from pathlib import Path

import msgspec

from acrn_base import reading
from acrn_base.files import growing_file, whole_file
from acrn_base.text import printable
from acrn_conformance.implementation import ProtocolFault, added
from acrn_conformance.reports import soundness
from acrn_conformance.reports.recorded import CaseResult, Results

LARGEST = 512 << 20
"""Bytes: of a case some 64 KiB are kept at most, and most cases pass."""

_OPEN = b'],"groups":[],"ended":null}'
"""The end of a document without cases, groups and end; what stands before it opens the cases."""

_RECURSION = "nested too deeply"


class ResultsError(ValueError):
    """A file that is no results file; the text says which, why, and the remedy."""


class NothingThereError(ResultsError):
    """A file that is missing, unreadable, or cut off before it says of what it has results."""


class Withdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The verdict on a case holds no longer."""

    withdrawn: str


class Faulted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contract of the wire was broken in a way that is new."""

    fault: ProtocolFault


_decoder = msgspec.json.Decoder(Results)
_any_decoder = msgspec.json.Decoder(msgspec.Raw)
_case_decoder = msgspec.json.Decoder(CaseResult)
_withdrawn_decoder = msgspec.json.Decoder(Withdrawn)
_faulted_decoder = msgspec.json.Decoder(Faulted)


class GrowingResults:
    """A results file to which verdicts are added as they come.

    What cannot grow - a pipe, a device - and a disk that is full get nothing before the end.
    """

    def __init__(self, path: Path, begun: Results) -> None:
        """Let the file appear, in the place of an earlier one."""
        self._file = None
        try:
            self._file = growing_file(path, _head(begun) + b"\n")
        except OSError:
            self._file = None  # `write` tells of it, behind the report

    def judged(self, case: CaseResult) -> None:
        """Add a verdict."""
        self._add(msgspec.json.encode(case))

    def withdrawn(self, name: str) -> None:
        """Take a verdict back."""
        self._add(msgspec.json.encode(Withdrawn(name)))

    def faulted(self, fault: ProtocolFault) -> None:
        """Add a fault of the protocol."""
        self._add(msgspec.json.encode(Faulted(fault)))

    def close(self) -> None:
        """Add nothing more."""
        if self._file:
            self._file.close()
        self._file = None

    def _add(self, line: bytes) -> None:
        if self._file:
            try:
                self._file.write(line + b",\n")
            except OSError:
                self.close()


def write(path: Path, results: Results) -> None:
    """Write the whole document in the place of what has grown. Raises OSError."""
    with whole_file(path) as file:
        file.write(document(results))


def document(results: Results) -> bytes:
    """Return the whole document."""
    lines = b",\n".join(map(msgspec.json.encode, results.cases))
    without = msgspec.json.encode(msgspec.structs.replace(results, cases=()))
    tail = without.removeprefix(_head(results))
    return _head(results) + b"\n" + lines + b"\n" + tail + b"\n"


def read(path: Path) -> Results:
    """Return the results in a file, whole or cut off, then without an end.

    Raises ResultsError, where there is nothing to read NothingThereError.
    """
    try:
        content = reading.whole(path, LARGEST)
    except reading.ReadingError as error:
        raise NothingThereError(printable(str(error))) from None
    try:
        return _sound(path, _decoder.decode(content))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if _is_cut_off(content):
            return _recovered(path, content)
        why = _RECURSION if isinstance(error, RecursionError) else str(error)
        raise ResultsError(_told(path, why)) from None


def _is_cut_off(content: bytes) -> bool:
    """Tell whether this is a beginning of a JSON document, of whatever form.

    One may be refused for a line that no whole document has before its end is missed.
    """
    try:
        _any_decoder.decode(content)
    except msgspec.DecodeError as error:
        # A number that is cut short is malformed, at the very end.
        return "truncated" in str(error) or f"(byte {len(content)})" in str(error)
    except (UnicodeDecodeError, RecursionError):
        return False
    return False


def _sound(path: Path, results: Results) -> Results:
    """Return results that do not contradict themselves. Raises ResultsError."""
    if why := soundness.contradiction(results):
        raise ResultsError(_told(path, why))
    return results


def _recovered(path: Path, content: bytes) -> Results:
    """Return what a file that is cut off holds for certain: its whole lines."""
    first, *lines = content.split(b"\n")
    try:
        results = _decoder.decode(first + _OPEN)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NothingThereError(_told(path, "its first line is not whole")) from None
    cases: dict[str, CaseResult] = {}
    faults = results.faults
    for number, line in enumerate(lines, 2):
        if line.startswith(b"]"):
            break
        try:
            if line.startswith(b'{"fault"'):
                faults = added(faults, (_faulted_decoder.decode(line.removesuffix(b",")).fault,))
            else:
                _take(cases, line.removesuffix(b","))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if number <= len(lines):
                raise ResultsError(_told(path, f"line {number}: {error}")) from None
    kept = tuple(cases.values())
    return _sound(path, msgspec.structs.replace(results, cases=kept, faults=faults))


def _take(cases: dict[str, CaseResult], line: bytes) -> None:
    """Take in a line. Raises DecodeError."""
    if line.startswith(b'{"withdrawn"'):
        cases.pop(_withdrawn_decoder.decode(line).withdrawn, None)
    else:
        case = _case_decoder.decode(line)
        # The groups stand behind the cases, and are lost.
        cases[case.id] = msgspec.structs.replace(case, group=None)


def _head(results: Results) -> bytes:
    bare = msgspec.structs.replace(results, cases=(), groups=(), ended=None)
    return msgspec.json.encode(bare).removesuffix(_OPEN)


def _told(path: Path, why: str) -> str:
    kind = "give one that --json of run or fuzz has written"
    return printable(f"{path}: no results file ({why}); {kind}")
