"""The benchmark: each figure stands beside its limit, and what is on record is what is shown."""

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from bench import document, plot, results, soak, speed
from bench.growth import SERIES
from bench.measures import MEASURES
from bench.results import Growth, Results, Row, exponent, fallen

RECORD = results.read(document.RECORD)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Everything measured once, on as little as there can be of it."""
    written = tmp_path_factory.mktemp("bench") / "results.json"
    with pytest.MonkeyPatch.context() as environment:
        # What is started is measured here in another sense: coverage would only make it slow.
        environment.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        assert speed.main(["--scale", "0.001", "--rounds", "1", "--json", str(written)]) == 0
    return results.read(written)


def test_every_figure_has_its_limit_and_its_ratio(small: Results) -> None:
    """Of a rate the ratio is the part of the limit, of a time how often the limit goes into it."""
    assert [row.name for row in small.rows] == list(MEASURES)
    for row in small.rows:
        assert row.figure > 0
        assert row.ratio == pytest.approx(row.figure / row.limit)


def test_every_series_has_a_time_for_each_size(small: Results) -> None:
    """Sizes grow, and the exponent is that of the times."""
    assert [series.name for series in small.growth] == list(SERIES)
    for series in small.growth:
        assert len(series.sizes) == len(series.seconds) >= 2
        assert sorted(set(series.sizes)) == list(series.sizes)
        assert series.exponent == exponent(series.sizes, series.seconds)


def test_results_say_where_they_were_measured_and_what_is_missed(small: Results) -> None:
    """Machine, versions, and the names of all that misses its target."""
    assert small.machine.cores > 0
    assert small.versions["acrn-conformance"]
    missed = [row.name for row in small.rows if not row.met]
    missed += [series.name for series in small.growth if not series.met]
    assert list(small.missed) == missed


def test_a_single_figure_is_measured_when_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing else is."""
    assert speed.main(["reference", "--scale", "0.001", "--rounds", "1"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("reference, an argv")


@pytest.mark.parametrize(
    ("seconds", "slope"),
    [((1.0, 10.0, 100.0), 1), ((1.0, 100.0, 10_000.0), 2), ((5.0, 5.0, 5.0), 0)],
)
def test_the_exponent_is_that_of_the_power_that_times_follow(
    seconds: tuple[float, ...], slope: int
) -> None:
    """1 where twice as much takes twice as long, 2 where it takes four times."""
    assert exponent((10, 100, 1_000), seconds) == pytest.approx(slope)


def test_what_is_paid_once_is_no_growth() -> None:
    """The lower half of the sizes is not fitted."""
    assert exponent((1, 10, 100, 1_000, 10_000), (1.0, 1.0, 1.0, 10.0, 100.0)) == pytest.approx(1)


RATE = Row("rate", "a rate", "/s", 50.0, "limit", 100.0, 0.5, "higher", 0.45)
TIME = Row("time", "a time", "ms", 30.0, "limit", 10.0, 3.0, "lower", 4.0)


@pytest.mark.parametrize(
    ("row", "ratio", "met"),
    [(RATE, 0.45, True), (RATE, 0.44, False), (TIME, 4.0, True), (TIME, 4.1, False)],
)
def test_a_target_is_met_on_its_better_side(row: Row, ratio: float, met: bool) -> None:  # noqa: FBT001  (what is expected)
    """A rate reaches it from below, a time from above."""
    assert msgspec.structs.replace(row, ratio=ratio).met is met


@pytest.mark.parametrize(
    ("row", "ratio", "told"),
    [(RATE, 0.38, []), (RATE, 0.37, ["rate: ratio 0.37, was 0.50"]), (RATE, 0.9, []),
     (TIME, 3.9, []), (TIME, 4.1, ["time: ratio 4.10, was 3.00"]), (TIME, 1.0, [])],
)  # fmt: skip
def test_a_ratio_has_fallen_when_more_than_the_tolerance_is_lost(
    row: Row, ratio: float, told: list[str]
) -> None:
    """A quarter of a rate; a time that is a third longer."""
    old = msgspec.structs.replace(RECORD, rows=(row,))
    new = msgspec.structs.replace(RECORD, rows=(msgspec.structs.replace(row, ratio=ratio),))
    assert list(fallen(new, old, 0.25)) == told


def _written(folder: Path, **changes: object) -> str:
    path = folder / "old.json"
    results.write(path, msgspec.structs.replace(RECORD, scale=0.001, **changes))
    return str(path)


@pytest.mark.parametrize(("ratio", "status"), [(1e-9, 1), (1e9, 0)])
def test_the_guard_ends_with_1_where_a_ratio_has_fallen(
    ratio: float, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says which, and from where."""
    row = Row("reference", "", "us", 1.0, "", 1.0, ratio, "lower")
    old = _written(tmp_path, rows=(row,))
    options = ["reference", "--scale", "0.001", "--rounds", "1", "--against", old]
    assert speed.main(options) == status
    assert ("fallen: reference: ratio " in capsys.readouterr().out) == bool(status)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing",), "no figure is called 'nothing'; --help names them"),
        (("--scale", "0"), "0 is not above 0; give 1, or a fraction"),
        (("--against", "/nowhere.json"), "'/nowhere.json' holds no results: "),
        (("--against", str(document.RECORD), "--scale", "7"), "another scale; give --scale "),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_measured(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With status 2, and the remedy."""
    with pytest.raises(SystemExit) as ended:
        speed.main(words)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert (out, message in err) == ("", True)


def test_the_document_shows_what_is_on_record() -> None:
    """Tables and picture are made of the results; `document.py` makes them anew."""
    text = document.PAGE.read_text("utf-8")
    assert document.page(text, RECORD) == text
    assert document.PICTURE.read_text("utf-8") == plot.svg(RECORD)


def test_a_soak_tells_what_the_judge_occupied(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each number of cases, as the module run by its name prints them."""
    soak.soaked((10, 20))
    told = [line.split(" cases: ")[0].strip() for line in capsys.readouterr().out.splitlines()]
    assert told == ["10", "20"]


def test_the_record_is_whole() -> None:
    """All rows and series were measured, in one run."""
    assert [row.name for row in RECORD.rows] == list(MEASURES)
    assert [series.name for series in RECORD.growth] == list(SERIES)


def test_the_picture_stays_within_its_borders() -> None:
    """Whatever the figures: a bar ends at the edge of the scale, a series is inside the axes."""
    rows = (
        msgspec.structs.replace(RATE, ratio=1e-9),
        msgspec.structs.replace(TIME, ratio=1e-9, what="<&\"'"),
    )
    growth = (Growth("g", "g", "things", (1, 10, 10**6), (1e-7, 1.0, 1e5), 1.0),)
    picture = ET.fromstring(plot.svg(msgspec.structs.replace(RECORD, rows=rows, growth=growth)))  # noqa: S314  (our own)
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    for element in picture.iter():
        for name, value in element.attrib.items():
            if name in {"x", "x1", "x2", "cx"}:
                assert 0 <= float(value) <= width
            if name in {"y", "y1", "y2", "cy"}:
                assert 0 <= float(value) <= height
