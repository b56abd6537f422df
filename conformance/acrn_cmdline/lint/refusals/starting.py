"""Refusals when the VM is made and its name bound: after the argv, before any device."""

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.reading import Blame
from acrn_cmdline.lint.rule_form import refusal
from acrn_dm import Stage


def _making(blame: Blame, option: str) -> bool:
    return blame.fault.stage is Stage.VM and blame.option == option


@refusal(
    "uuid-form",
    fact="-U takes the dashed form, in any case; it is looked at only after the hypervisor device "
    "is open.",
    remedy="write the UUID as 8-4-4-4-12 hexadecimal digits",
)
def uuid_form(blame: Blame) -> bool:
    """Recognise ``-U`` with no UUID."""
    return _making(blame, "uuid")


@refusal(
    "memory-unaligned",
    fact="From v3.0 on the memory must be a multiple of 2 MiB; it is looked at only after the "
    "hypervisor device is open.",
    remedy="round the memory to a multiple of 2 MiB",
)
def memory_unaligned(blame: Blame) -> bool:
    """Recognise a size between two multiples, or one that wrapped below zero."""
    return _making(blame, "memsize")


@refusal(
    "vcpu-count",
    fact="-c, where a release has it, is 1 or more.",
    remedy="give -c 1 or more, or leave it out",
)
def vcpu_count(blame: Blame) -> bool:
    """Recognise ``-c`` below 1."""
    return _making(blame, "ncpus")


def _naming(blame: Blame) -> bool:
    return blame.fault.stage is Stage.DEVICE and blame.option is None and blame.function is None


@refusal(
    "name-slash",
    fact="The name is part of a socket's path, which cannot be bound where the name holds a /.",
    remedy="use a name without /",
)
def name_slash(blame: Blame) -> bool:
    """Recognise a name with a slash."""
    return _naming(blame) and "/" in blame.value


@refusal(
    "name-socket",
    fact="The name is part of a socket's path of at most 107 bytes: about 91 are left for it, "
    "although v1.1-v2.6 take 127.",
    remedy="use a name of at most 15 bytes, which every release takes",
)
def name_socket(blame: Blame) -> bool:
    """Recognise a name that passes the limit of the argv, but not that of the socket."""
    return _naming(blame)


@refusal(
    "pm-channel-without-vuart",
    fact="--pm_notify_channel uart needs the node that --pm_by_vuart names, and from v3.0 on "
    "--pm_by_vuart is ignored: an assertion fails.",
    remedy="give --pm_by_vuart as well, and from v3.0 on neither",
)
def pm_channel_without_vuart(blame: Blame) -> bool:
    """Recognise a channel without its node."""
    return blame.fault.stage is Stage.DEVICE and blame.option == "pm_notify_channel"


@refusal(
    "no-guest-image",
    severity=Severity.RISKY,
    fact="Without -k, -E, --ovmf or (before v3.0) --vsbl there is nothing to load: acrn-dm stops "
    "when all devices have started, with status 1, in v1.0 with 0.",
    remedy="give -k KERNEL, or --ovmf FIRMWARE",
)
def no_guest_image(blame: Blame) -> bool:
    """Recognise nothing to boot; the argv as such is taken."""
    return blame.fault.stage is Stage.LOAD


KINDS = (
    uuid_form,
    memory_unaligned,
    vcpu_count,
    name_slash,
    name_socket,
    pm_channel_without_vuart,
    no_guest_image,
)
