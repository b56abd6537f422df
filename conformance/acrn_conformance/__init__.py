"""Judges implementations of the ACRN arch layer against the golden files."""

__version__ = "1.0.0"
