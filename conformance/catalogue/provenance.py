"""Where recorded answers come from: which of the original's functions ran, what was put together.

Measured beside them, on the same original: what was composed agrees with what its real callers do.
"""

import msgspec

ORIGINAL = "kata-containers/runtime at 04f29832, virtcontainers/acrn_arch_base.go"


class Origin(msgspec.Struct, frozen=True):
    """The origin of some methods' answers.

    ``ran``: functions of the original that ran unmodified. ``made``: what the recorder made by
    itself, which is not the original's. ``checked``: how that was held against the original.
    """

    methods: tuple[str, ...]
    ran: str
    made: str
    checked: str = ""


ORIGINS = (
    Origin(
        ("argv",),
        "Valid and AcrnParams of every device, and the append functions of Config.",
        "A logger was set. That LaunchAcrn called the functions, in its order, is not on record.",
        "150,000 further requests through the real LaunchAcrn agree.",
    ),
    Origin(
        ("device_valid", "device_params"),
        "Valid and AcrnParams of the device.",
        "A logger was set, without which a disk with an index beyond the table panics.",
    ),
    Origin(
        ("append_devices",),
        "appendBridges, appendLPC, appendConsole, appendImage, appendSocket, appendNetwork and"
        " appendBlockDevice.",
        "The order of the steps, and the endpoints, a macvtap's always without an address. A logger"
        " was set, without which an unsupported endpoint panics, as it does in a real start.",
        "150,000 further requests with real macvtap endpoints agree, where the address is empty or"
        " lower-case hex with colons.",
    ),
    Origin(
        ("kernel_parameters", "memory_topology", "capabilities", "paths"),
        "newAcrnArch, and the function of the method's name; for paths acrnPath and acrnctlPath.",
        "Nothing.",
    ),
    Origin(("limits",), "MaxAcrnVCPUs.", "The variable and the constant of the others were read."),
    Origin(
        ("sandbox_argv",),
        "Those of argv, append_devices, kernel_parameters and memory_topology.",
        "The composition, in place of createSandbox, buildDevices, addDevice and kernelParameters"
        " of acrn.go: neither was the configuration checked and filled in, nor the console's path"
        " made of the id, nor the image looked for. A logger was set.",
        "30,000 further sandboxes through the real createSandbox agree, where the configuration is"
        " one that it takes as it is.",
    ),
    Origin(
        ("block_rescan",),
        "None that is on record.",
        "The conditions and the arguments, in place of updateBlockDevice of acrn.go.",
        "3,000 further rescans through the real updateBlockDevice agree.",
    ),
)

KATA_3_ORIGINAL = (
    "kata-containers/kata-containers at cdaaf708a1 (fefcf7cfa4^, as tag 3.9.0),"
    " src/runtime/virtcontainers/acrn_arch_base.go and acrn.go"
)

KATA_3_ORIGINS = (
    Origin(
        ("argv",),
        "LaunchAcrn, whose own log line carries the argv; it was stopped before a process starts.",
        "The configuration, and a path of acrn-dm that does not exist.",
    ),
    Origin(
        ("device_valid", "device_params", "append_devices", "kernel_parameters"),
        "The functions of the devices and of acrnArchBase, as for kata-1.",
        "The order of the steps. A logger was set, without which an unsupported endpoint panics.",
    ),
    Origin(
        ("memory_topology", "capabilities", "paths", "limits"),
        "The function of the method's name; of limits the variables were read.",
        "Nothing.",
    ),
    Origin(
        ("sandbox_argv",),
        "CreateVM, AddDevice for each step, and LaunchAcrn.",
        "The paths of console and image, the CPU, and acrn-dm and acrnctl as files that exist."
        " newSandbox's check of the configuration did not run: an empty kernel path, 0 MiB pass.",
    ),
    Origin(
        ("block_rescan",),
        "HotplugAddDevice, with a script for acrnctl that writes down its arguments.",
        "The block table.",
    ),
    Origin(
        ("next_apic_id", "release_apic_id"),
        "getNextApicid, and StopVM with the process 0, whose wait is refused after the file is"
        " written.",
        "A scratch file in the place of /proc/cpuinfo.",
    ),
)

COMPOSED = frozenset({"sandbox_argv", "block_rescan"})
"""Methods that stand for functions of the original outside its arch layer, which did not run."""
