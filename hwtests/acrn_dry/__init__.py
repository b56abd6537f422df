"""Dry runs: a real acrn-dm in a world of its own, on a stood-in hypervisor device; no guest."""
