"""The documentation site: `tox -e docs` builds it, without a network and with no warning."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

from acrn_conformance import __version__

project = "acrn-conformance"
author = "the authors of acrn-conformance"
copyright = f"{author}; Apache-2.0"  # noqa: A001  the name that Sphinx looks for
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "repository_pages", "link_check"]
exclude_patterns = ["_extensions", "tests"]

nitpicky = True
nitpick_ignore_regex = [
    # Signatures name types of the standard library, which only a network could resolve, and types
    # that stand behind a face on purpose; what prose refers to is checked.
    (r"py:(class|exc|data|obj|meth|func|attr)", r".*"),
]

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

smartquotes = False  # `--option` must stay two hyphens
default_role = "literal"  # docstrings name things between single backquotes, too
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}

html_theme = "furo"
html_title = f"acrn-conformance {__version__}"
html_copy_source = False
html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_theme_options = {"navigation_with_keys": True}
