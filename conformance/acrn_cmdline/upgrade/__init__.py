"""Upgrading: an argv rewritten so that a newer release does with it what an older one did."""

from acrn_cmdline.upgrade.script import Rewritten, in_script
from acrn_cmdline.upgrade.steps import likely_source, upgrade
from acrn_cmdline.upgrade.values import Change, Upgrade

__all__ = ["Change", "Rewritten", "Upgrade", "in_script", "likely_source", "upgrade"]
