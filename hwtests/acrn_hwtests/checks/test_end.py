"""How a guest ends, and that it ends alone."""

from acrn_hwtests.console import Console
from acrn_hwtests.fixtures import Launch
from acrn_hwtests.guest import Guest
from acrn_hwtests.plan import Request
from acrn_hwtests.tier import Tier


def test_acpi_power_off(launch: Launch, tier: Tier) -> None:
    """ACPI power-off ends acrn-dm with status 0, and frees its sockets."""
    guest = launch(Request())
    assert guest.power_off(tier.boot(guest)) == 0
    sockets = (guest.plan.console_path, guest.plan.agent_path)
    assert [guest.listens(path) for path in sockets] == [False, False]


def test_two_guests(guest: Guest, console: Console, launch: Launch, tier: Tier) -> None:
    """Two guests at once have each their own consoles, disks and end."""
    other = launch(Request(memory_mb=192))
    talk = tier.boot(other)
    console.run("echo first >/tmp/who").checked()
    talk.run("echo second >/tmp/who").checked()
    assert [c.run("cat /tmp/who").text for c in (console, talk)] == ["first", "second"]
    other.power_off(talk)
    assert console.run("cat /tmp/who").text == "first"
    assert guest.status() is None
