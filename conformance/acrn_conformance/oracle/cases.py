"""Requests found by a search, as cases: the reference's answer is expected."""

from acrn_conformance.cases import Case, Dialect, Level, Request
from acrn_conformance.oracle import original
from acrn_conformance.oracle.answers import expected

_RULE = "found-by-search"


def reference_case(dialect: Dialect, request: Request) -> Case:
    """Return the case that a request makes: the reference's answer is expected."""
    import hashlib

    from acrn_conformance.implementation import wire

    expect = expected(dialect, request)
    body = wire.prepare(request).body
    quirk = original.quirk(dialect, request, expect)
    return Case(
        id=f"found-{hashlib.sha256(body).hexdigest()[:10]}",
        title=f"A request of {request.method}, found by search.",
        rule=_RULE,
        level=Level.QUIRK if quirk else Level.REQUIRED,
        request=request,
        expect=expect,
        also_accepted=quirk.also_accepted if quirk else (),
        reason=quirk.reason if quirk else "",
        dialects=(dialect.name,),
    )
