"""Upgrading: an argv that one release takes, rewritten so that a newer one does the same with it."""

from acrn_cmdline.upgrade.upgrading import likely_source, upgrade
from acrn_cmdline.upgrade.values import Change, Upgrade

__all__ = ["Change", "Upgrade", "likely_source", "upgrade"]
