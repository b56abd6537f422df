"""Requests found by a search, as cases: the reference's answer is expected."""

import hashlib

from acrn_conformance import oracle
from acrn_conformance.cases import NUL, Case, Dialect, Level, Request
from acrn_conformance.implementation import wire

_RULE = "found-by-search"


def reference_case(dialect: Dialect, request: Request) -> Case:
    """Return the case that a request makes: the reference's answer is expected."""
    expect = oracle.expected(dialect, request)
    body = wire.prepare(request).body
    nul = b"\\u0000" in body and not expect.refused
    return Case(
        id=f"found-{hashlib.sha256(body).hexdigest()[:10]}",
        title=f"A request of {request.method}, found by search.",
        rule=_RULE,
        level=Level.QUIRK if nul else Level.REQUIRED,
        request=request,
        expect=expect,
        also_accepted=NUL.also_accepted if nul else (),
        reason=NUL.reason if nul else "",
        dialects=(dialect.name,),
    )
