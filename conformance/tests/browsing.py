"""What tests of pages have in common; to collect them needs neither browser nor driver."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opening = Callable[..., "Page"]
"""Opens a file, with a fragment behind it, in a context with options of its own."""

ATTACKS = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "</style><style>*{display:none}",
    "javascript:alert(1)",
)
UNSEEN = ("\u202egnp.exe\u2066", "\x1b[31m\u2028")


def violations(page: "Page") -> list[str]:
    """Return what axe finds inaccessible in a page as it stands."""
    # Only `tox -e browser` has it.
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]
