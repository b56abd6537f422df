"""What people and machines get to see; each renderer is a module, imported when asked for."""

from acrn_conformance.reports.styled import Styled

__all__ = ["Styled"]
