"""The family `argv`: whole configurations to command lines."""

from catalogue import argv_devices, argv_options, argv_table, argv_text

ENTRIES = (
    *argv_options.ENTRIES,
    *argv_devices.ENTRIES,
    *argv_table.ENTRIES,
    *argv_text.ENTRIES,
)
