"""What no other kind of refusal covers, by the stage at which it is met."""

from acrn_cmdline.lint.reading import Blame
from acrn_cmdline.lint.rule_form import refusal
from acrn_dm import Stage


@refusal(
    "refused-argv",
    fact="acrn-dm refuses this before it opens the hypervisor device.",
    remedy="correct what its message names",
)
def refused_argv(blame: Blame) -> bool:
    """Recognise anything else at the stage argv."""
    return blame.fault.stage is Stage.ARGV


@refusal(
    "refused-vm",
    fact="acrn-dm refuses this when it makes the VM.",
    remedy="correct what its message names",
)
def refused_vm(blame: Blame) -> bool:
    """Recognise anything else at the stage vm."""
    return blame.fault.stage is Stage.VM


@refusal(
    "refused-device",
    fact="acrn-dm refuses the arguments of a device when that starts.",
    remedy="correct the arguments of the device",
)
def refused_device(blame: Blame) -> bool:
    """Recognise anything else at the stage device."""
    return blame.fault.stage is Stage.DEVICE


KINDS = (refused_argv, refused_vm, refused_device)
