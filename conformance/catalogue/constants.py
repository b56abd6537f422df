"""The families without a question: `describe`, `capabilities`, `paths` and `limits`."""

from catalogue.build import entry
from catalogue.entry import Entry


def _pair(method: str, title: str) -> tuple[Entry, ...]:
    return (
        entry(method, "fixed", title, method, {}),
        entry(
            method,
            "unknown-fields",
            f"Unknown fields in a request for {method} change nothing.",
            "unknown-field",
            {"image_path": "/img", "debug": True, "extra": [{"a": None}]},
        ),
    )


DESCRIBE = (
    entry("describe", "protocol", "An implementation speaks protocol 1.", "describe-protocol", {}),
)
CAPABILITIES = _pair("capabilities", "Disks and their hot-plug are all that ACRN can do.")
PATHS = _pair("paths", "The programs are acrn-dm and acrnctl, both in /usr/bin.")
LIMITS = _pair("limits", "A guest has up to 8 vCPUs, a pool of 8 disks, and slot 2 left out.")
