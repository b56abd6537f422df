"""What a search finds, as a case: the reference's answer is expected."""

import hashlib

from acrn_conformance import oracle
from acrn_conformance.cases import Answer, Case, Level, Request
from acrn_conformance.implementation import wire

RULE = "found-by-search"


def case_of(request: Request) -> Case:
    """Return the case that a request makes: the reference's answer is expected."""
    expect = oracle.expected(request)
    body = wire.prepare(request).body
    nul = b"\\u0000" in body and not expect.refused
    return Case(
        id=f"found-{hashlib.sha256(body).hexdigest()[:10]}",
        title=f"A request of {request.method}, found by search.",
        rule=RULE,
        level=Level.QUIRK if nul else Level.REQUIRED,
        request=request,
        expect=expect,
        also_accepted=(Answer(refused=True),) if nul else (),
        reason="A NUL can reach no process, so a refusal is as good." if nul else "",
    )
