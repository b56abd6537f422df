"""The requests of all golden cases, one file a family; each is frozen in golden/cases/."""

from collections.abc import Mapping

from catalogue import (
    acrn_3,
    append_devices,
    argv,
    block_rescan,
    constants,
    device_params,
    device_valid,
    kata_3,
    kernel_parameters,
    memory_topology,
    sandbox_argv,
)
from catalogue.entry import Entry

FAMILIES: Mapping[str, tuple[Entry, ...]] = {
    "describe": constants.DESCRIBE,
    "argv": argv.ENTRIES,
    "device_valid": device_valid.ENTRIES,
    "device_params": device_params.ENTRIES,
    "append_devices": append_devices.ENTRIES,
    "kernel_parameters": kernel_parameters.ENTRIES,
    "memory_topology": memory_topology.ENTRIES,
    "capabilities": constants.CAPABILITIES,
    "paths": constants.PATHS,
    "limits": constants.LIMITS,
    "sandbox_argv": sandbox_argv.ENTRIES,
    "block_rescan": block_rescan.ENTRIES,
    "kata-3": kata_3.ENTRIES,
    "acrn-3": acrn_3.ENTRIES,
}
"""Family to its entries: one a method of the wire, in its order, then each newer dialect's own."""
