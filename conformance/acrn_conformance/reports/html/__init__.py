"""Reports for a browser: one document that loads nothing, escapes everything, and opens from disk."""

from acrn_conformance.reports.html.run_page import page
from acrn_conformance.reports.html.templating import TemplatesMissingError

__all__ = ["TemplatesMissingError", "page"]
