"""The original's own unit tests, assertion by assertion: the cases that ask it, or why none."""

from collections.abc import Iterator
from typing import NamedTuple

TESTS = 21
LINES = 40
"""How many tests there are in the two files, and how many lines with an assertion."""


class Assertion(NamedTuple):
    """An assertion at lines of a test's file: the cases that ask it, a note on what none asks."""

    test: str
    lines: tuple[int, ...]
    text: str
    cases: tuple[str, ...] = ()
    note: str = ""


_SET = "The test reads back a path that it has set; on the wire there is the default alone."
_LISTS = "The test has lists of its own, which the wire cannot give."
_PREPARED = "It is the test's own preparation."

ARCH_TESTS = (
    Assertion("AcrnArchBaseAcrnPaths", (54, 55), "acrn-dm has its path", ("paths-fixed",), _SET),
    Assertion("AcrnArchBaseAcrnPaths", (58, 59), "acrnctl has its path", ("paths-fixed",), _SET),
    Assertion(
        "AcrnArchBaseKernelParameters",
        (71,),
        "debug follows the common parameters",
        ("kernel-parameters-no-image-debug",),
        _LISTS,
    ),
    Assertion(
        "AcrnArchBaseKernelParameters",
        (78,),
        "quiet follows the common parameters",
        ("kernel-parameters-no-image-quiet",),
        _LISTS,
    ),
    Assertion(
        "AcrnArchBaseCapabilities",
        (86, 87, 88),
        "disks, their hot-plug, no sharing",
        ("capabilities-fixed",),
    ),
    Assertion("AcrnArchBaseMemoryTopology", (102,), "8192 is 8192M", ("memory-topology-8192",)),
    Assertion(
        "AcrnArchBaseAppendConsoles",
        (122,),
        "console0, a console port on a socket",
        ("append-devices-console-to-empty",),
    ),
    Assertion("AcrnArchBaseAppendImage", (131, 134), "a file is made", note=_PREPARED),
    Assertion(
        "AcrnArchBaseAppendImage",
        (137, 138, 147),
        "an image that exists is a disk with index 0",
        ("append-devices-image-to-empty",),
    ),
    Assertion(
        "AcrnArchBaseAppendBridges",
        (160, 170),
        "one host bridge",
        ("append-devices-bridges-to-empty",),
    ),
    Assertion(
        "AcrnArchBaseAppendLpcDevice", (182, 191), "one LPC bus", ("append-devices-lpc-to-empty",)
    ),
    Assertion(
        "AcrnArchBaseAppendSocket",
        (207, 208),
        "a serial port on a socket",
        ("append-devices-unit-socket",),
    ),
    Assertion(
        "AcrnArchBaseAppendBlockDevice",
        (207, 208),
        "a disk with index 5",
        ("append-devices-unit-block-device",),
    ),
    Assertion(
        "AcrnArchBaseAppendNetwork",
        (300,),
        "a tap and a macvtap, both without an address",
        ("append-devices-unit-networks",),
    ),
)
"""Those of the arch layer, in the order of virtcontainers/acrn_arch_base_test.go."""

HYPERVISOR_TESTS = (
    Assertion(
        "AcrnKernelParameters",
        (54,),
        "panic=1 maxcpus=8 foo=foo bar=bar, with debug on and off",
        ("sandbox-argv-unit-params-debug", "sandbox-argv-unit-params-quiet"),
        "The test's arch layer has no parameters of its own; those of the wire's come first.",
    ),
    Assertion("AcrnCapabilities", (81, 82), "disks and their hot-plug", ("capabilities-fixed",)),
    Assertion(
        "AcrnAddDeviceSerialPortDev",
        (93, 94),
        "a socket is a serial port of the sandbox",
        ("sandbox-argv-unit-socket",),
    ),
    Assertion(
        "AcrnAddDeviceBlockDev",
        (93, 94),
        "a drive with index 1 is a disk of the sandbox",
        ("sandbox-argv-unit-drive",),
    ),
    Assertion(
        "AcrnHotplugUnsupportedDeviceType",
        (148,),
        "hot-plug of memory is refused",
        note="The wire asks for the hot-plug of disks alone, so that there is nothing to refuse.",
    ),
    Assertion(
        "AcrnUpdateBlockDeviceInvalidPath",
        (170,),
        "a rescan of index 1 without a file is refused",
        ("block-rescan-unit-no-file",),
    ),
    Assertion(
        "AcrnUpdateBlockDeviceInvalidIdx",
        (192,),
        "a rescan of index 9 is refused",
        ("block-rescan-unit-index-9",),
    ),
    Assertion("AcrnGetSandboxConsole", (199,), "a store is there", note=_PREPARED),
    Assertion(
        "AcrnGetSandboxConsole",
        (209, 210),
        "the console's path is made of the sandbox's id",
        note="On the wire the console's path is given; where a runtime keeps it is its own.",
    ),
    Assertion("AcrnCreateSandbox", (217, 233), "store and sandbox are there", note=_PREPARED),
    Assertion(
        "AcrnCreateSandbox",
        (241,),
        "a sandbox with this id and UUID is not refused",
        ("sandbox-argv-unit-sandbox",),
    ),
    Assertion(
        "AcrnCreateSandbox",
        (242,),
        "the configuration is as it was",
        note="A request does not come back, and nothing of one shows in the next.",
    ),
    Assertion(
        "AcrnMemoryTopology",
        (261, 262),
        "1000 is 1000M",
        ("memory-topology-1000", "sandbox-argv-unit-memory"),
    ),
)
"""Those of what is around it, in the order of virtcontainers/acrn_test.go."""

_HEAD = f"""\
# The original's own unit tests

Generated by `python -m catalogue.freeze`. The {TESTS} tests of kata-containers/runtime at 04f29832,
with all {LINES} lines that assert. The cases have the tests' values; where a path is of the test's
machine, they have another.
"""


def page() -> str:
    """Return the table of assertions for people."""
    return "\n".join(
        [
            _HEAD,
            *_table("acrn_arch_base_test.go", ARCH_TESTS),
            "",
            *_table("acrn_test.go", HYPERVISOR_TESTS),
            "",
        ]
    )


def _table(file: str, assertions: tuple[Assertion, ...]) -> Iterator[str]:
    yield f"## virtcontainers/{file}"
    yield ""
    yield "| test | lines | asserts | cases | not asked |"
    yield "|---|---|---|---|---|"
    for each in assertions:
        cases = ", ".join(f"`{case}`" for case in each.cases)
        lines = ", ".join(map(str, each.lines))
        yield f"| `Test{each.test}` | {lines} | {each.text} | {cases} | {each.note} |"
    yield ""
