"""What is kata-3's own: its CPU, its vsock, and what it leaves out."""

from catalogue import (
    argv,
    constants,
    kata_3_cpus,
    kata_3_sandboxes,
    kata_3_vsock,
    kernel_parameters,
)
from catalogue.build import KERNEL, UUID, block, bridge, net
from catalogue.entry import Entry, Params
from catalogue.kata_3_build import entry
from catalogue.translated import CPU, translated

_PLAIN: Params = {"name": "sbx-a", "memory": {"size": "512M"}, "kernel": {"path": KERNEL}}


def _argv(tail: str, title: str, rule: str, **fields: object) -> Entry:
    return entry("argv", tail, title, rule, {"config": fields})


_OPTIONS = (
    _argv(
        "everything",
        "With everything set, the order is ACPI, memory, devices, CPU, kernel, name.",
        "kata-3-option-order",
        **{**_PLAIN, "kernel": {"path": KERNEL, "params": "quiet panic=1"}},
        apic_id=CPU,
        acpi_virt=True,
        devices=[bridge(), net(), block(1)],
    ),
    _argv(
        "everything-but-devices",
        "Without devices, the CPU follows the memory.",
        "kata-3-option-order",
        **_PLAIN,
        apic_id=CPU,
        acpi_virt=True,
    ),
    _argv("only-cpu", "A CPU alone gives its own tokens.", "kata-3-cpu", apic_id=CPU),
    _argv(
        "cpu-without-kernel",
        "A CPU needs neither kernel nor name.",
        "kata-3-cpu",
        apic_id=CPU,
        devices=[block(1)],
    ),
    _argv("cpu-and-name", "A name follows the CPU.", "kata-3-cpu", apic_id=CPU, name="sbx-a"),
    _argv("several-cpus", "Several CPUs are one token.", "kata-3-cpu", apic_id="0,2,4", name="a"),
    _argv(
        "cpu-any-text",
        "The text of a CPU is not looked at.",
        "kata-3-cpu",
        apic_id=" 0x2; --cpu_affinity",
        **_PLAIN,
    ),
    _argv(
        "cpu-long-text",
        "The text of a CPU may be long, and of any script.",
        "kata-3-cpu",
        apic_id="\u00e90," * 40,
        **_PLAIN,
    ),
    _argv("cpu-zero", "CPU 0 is one like any other.", "kata-3-cpu", apic_id="0", **_PLAIN),
    _argv("empty-cpu", "An empty CPU leaves out its option.", "kata-3-cpu", apic_id="", **_PLAIN),
    _argv(
        "null-cpu", "A null apic_id is like an empty one.", "absent-field", apic_id=None, **_PLAIN
    ),
    _argv(
        "uuid-ignored",
        "A UUID is an unknown field, and gives no -U.",
        "kata-3-no-uuid",
        uuid=UUID,
        apic_id=CPU,
        **_PLAIN,
    ),
    _argv(
        "uuid-number", "A UUID is unknown whatever it is.", "kata-3-no-uuid", uuid=5, apic_id=CPU
    ),
    _argv("uuid-alone", "A UUID alone gives nothing.", "kata-3-no-uuid", uuid=UUID),
)

_RESCANS = tuple(
    entry(
        "block_rescan",
        f"rescan-swap-{tail}",
        title,
        rule,
        {
            "name": "sbx-a",
            "block_slots": [4, 5, 6, 7, 8, 9, 10, 11, 12],
            "index": index,
            "file": "/dev/vdb",
            "swap": swap,
        },
    )
    for tail, title, rule, index, swap in (
        ("refused", "A disk to swap to is refused.", "kata-3-swap", 1, True),
        ("off", "A disk that is none to swap to is rescanned.", "kata-3-swap", 1, False),
        ("null", "A null swap is off.", "absent-field", 1, None),
        (
            "last-index",
            "The last index of the pool is refused for swap too.",
            "kata-3-swap",
            7,
            True,
        ),
    )
)

_FIXED = (
    entry(
        "capabilities",
        "capabilities-fixed",
        "Disks, their hot-plug, and the hot-plug of networks are what is claimed.",
        "kata-3-capabilities",
        {},
    ),
)

ENTRIES = (
    *_OPTIONS,
    *translated(argv.ENTRIES, _OPTIONS[0].dialect),
    *kata_3_vsock.ENTRIES,
    *translated(kernel_parameters.ENTRIES, _OPTIONS[0].dialect),
    *_FIXED,
    *translated(constants.LIMITS, _OPTIONS[0].dialect),
    *kata_3_sandboxes.ENTRIES,
    *_RESCANS,
    *kata_3_cpus.ENTRIES,
)
