"""The page of several runs for a browser: each ground, and what became of each check there."""

from collections.abc import Sequence
from typing import Final

from acrn_base.text import counted
from acrn_conformance.reports import html
from acrn_hwtests.history import Account

_TONES: Final = {"FAULT": "bad", "FLAKY": "bad", "steady": "good"}


def document(accounts: Sequence[Account]) -> bytes:
    """Return one self-contained HTML document; on each ground those that failed come first."""
    checks = [check for account in accounts for check in account.checks]
    number = {word: sum(check.word == word for check in checks) for word in ("FAULT", "FLAKY")}
    given_up = sum(account.given_up for account in accounts)
    told = [counted(sum(account.runs for account in accounts), "run")]
    told += [counted(number["FAULT"], "fault")] if number["FAULT"] else []
    told += [counted(number["FLAKY"], "flake")] if number["FLAKY"] else []
    told += [f"{given_up} given up"] if given_up else []
    values = {
        "headline": ", ".join(told),
        "tone": "good" if all(account.good for account in accounts) else "bad",
        "accounts": accounts,
        "tones": _TONES,
    }
    return html.rendered("runs.html", ("page.js",), "{}", values, __package__).encode()
