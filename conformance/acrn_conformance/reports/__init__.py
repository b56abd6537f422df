"""Reports for people and machines; each renderer is a module, imported when asked for."""

from acrn_conformance.reports.styled import Styled

__all__ = ["Styled"]
