"""Pages from templates: everything escaped, one policy for all pages, nothing loaded."""

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Final

from acrn_base.text import printable

if TYPE_CHECKING:
    from jinja2 import Environment

_BREAKING = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
"""What could end a script, or a line of it; in JSON these stand in strings only."""


_OWN: Final = "acrn_conformance.reports.html"


class TemplatesMissingError(ImportError):
    """The template engine is not installed; the text has the remedy."""


def rendered(
    template: str,
    scripts: tuple[str, ...],
    data: str,
    values: Mapping[str, object],
    package: str = _OWN,
) -> str:
    """Return a page: a template filled with values, and with the scripts that it needs.

    ``data`` is JSON for the scripts; no text in it can break out. The template may be another
    package's, and extend ``layout.html`` all the same. Raises TemplatesMissingError.
    """
    environment = _environment(package)
    style = _file("style.css")
    script = "\n".join(_file(name) for name in scripts)
    # Both are files of this package, not input: they stand in the page as they are, and the policy
    # lets a browser take these very bytes and no others.
    trusted = {
        "style": style,
        "script": script,
        "data": data.translate(_BREAKING),
        "policy": _policy(style, script),
    }
    return environment.get_template(template).render(trusted=trusted, **values)


def check_installed() -> None:
    """Insist on the template engine, before anything is judged. Raises TemplatesMissingError."""
    _environment()


def _environment(package: str = _OWN) -> "Environment":
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
    except ImportError:
        raise TemplatesMissingError(
            "a page needs jinja2; install it with: pip install 'acrn-conformance[report]'"
        ) from None

    def found(name: str) -> str:
        return _file(name, _OWN if name == "layout.html" else package)

    return Environment(
        loader=FunctionLoader(found),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _visible(value: object) -> object:
    """Return a text with what nobody would see in it made visible; markup is the templates' own."""
    return printable(value) if type(value) is str else value


def _file(name: str, package: str = _OWN) -> str:
    return (resources.files(package) / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Return what a browser may do with the page: run its script, and load nothing at all."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
