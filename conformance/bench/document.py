"""``python -m bench.document``, in ``conformance/``: the results on record, put into the documents.

They are `speed.json` beside this file; the tables go into ``docs/speed.md``, and a picture.
"""

from pathlib import Path

from bench import plot, results, table

RECORD = Path(__file__).with_name("speed.json")
DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "speed.md"
PICTURE = DOCS / "pictures" / "speed.svg"

_BEGIN, _END = "<!-- measured -->\n", "<!-- end of what was measured -->\n"


def page(text: str, measured: results.Results) -> str:
    """Return the page with the tables of these results in place of those that are in it."""
    before, _, rest = text.partition(_BEGIN)
    return f"{before}{_BEGIN}\n{table.markdown(measured)}\n{_END}{rest.partition(_END)[2]}"


def main() -> None:
    """Write both."""
    measured = results.read(RECORD)
    PAGE.write_text(page(PAGE.read_text("utf-8"), measured), "utf-8")
    PICTURE.write_text(plot.svg(measured), "utf-8")


if __name__ == "__main__":
    main()
