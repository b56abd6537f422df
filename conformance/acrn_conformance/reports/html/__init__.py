"""Reports for a browser: one document that loads nothing, escapes everything, opens from disk."""

from acrn_conformance.reports.html.calls_page import CallView, calls_page, captured, linted
from acrn_conformance.reports.html.run_page import page
from acrn_conformance.reports.html.templating import (
    TemplatesMissingError,
    check_installed,
    rendered,
)

__all__ = [
    "CallView",
    "TemplatesMissingError",
    "calls_page",
    "captured",
    "check_installed",
    "linted",
    "page",
    "rendered",
]
