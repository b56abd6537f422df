"""Cases of the methods that need no device: capabilities, paths, limits, memory, kernel parameters."""

from catalogue.entry import Entry

CONSTANTS = (
    Entry("capabilities", "Block devices and their hot-plug, nothing else.", "capabilities", "capabilities", {}),
)
