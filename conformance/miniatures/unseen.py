"""Miniatures that the golden files, or the search, do not catch, each with the reason."""

from collections.abc import Mapping

_RARE = "Three conditions at once: there are thousands of such triples, and no golden for each."
_STATE = "It takes more requests than there are cases, or the same request twice in a row."

BY_GOLDENS: Mapping[str, str] = {
    "memory-without-name": _RARE,
    "short-after-3000": _STATE,
    "twice-is-short": _STATE,
}
"""Miniatures that need the search."""

_CONSTANT = "The search does not ask for constants: the goldens ask once, and that is all of it."
_BEYOND = "The search keeps to integers within 2^53, which every JSON library carries."

BY_SEARCH: Mapping[str, str] = {
    **dict.fromkeys(("fs-sharing", "four-vcpus", "dm-elsewhere"), _CONSTANT),
    **dict.fromkeys(("network-hotplug-denied", "least-cid-of-2"), _CONSTANT),
    **dict.fromkeys(("greatest-cid-signed", "acrn-3-limit-of-kata-3"), _CONSTANT),
    **dict.fromkeys(("memory-signed", "memory-a-double", "memory-of-63-bits"), _BEYOND),
    **dict.fromkeys(("integers-as-doubles", "index-beyond-2-53-refused"), _BEYOND),
    "names-in-any-case": "The search writes the names of fields as they are, unknown ones apart.",
}
"""Miniatures that need the golden files."""
