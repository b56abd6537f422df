"""The soak: as many boots in a row as are asked for, each to the prompt and to the power-off."""

from acrn_hwtests.fixtures import Launch
from acrn_hwtests.plan import Request
from acrn_hwtests.tier import Tier


def test_boot(launch: Launch, tier: Tier, boot_number: int) -> None:
    """The guest boots to a prompt, answers, and powers off."""
    guest = launch(Request())
    console = tier.boot(guest)
    assert console.run(f"echo {boot_number}").text == str(boot_number)
    assert guest.power_off(console) == 0
