"""Where the documentation explains a rule of lint: a page, and the rule's id as its anchor.

No address: the site is built from the repository, and its user alone knows where it is put.
"""

from typing import Final

PAGE: Final = "lint-rules.html"


def page(rule: str) -> str:
    """Return the place of a rule, from the site's root on: ``lint-rules.html#tap-not-opened``."""
    return f"{PAGE}#{rule}"
