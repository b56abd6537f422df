"""One golden case by its id, shared by the commands that are about one."""

from acrn_conformance.cases import Case, Golden
from acrn_conformance.cli.fault import InputError


def find(golden: Golden, name: str) -> Case:
    """Return the case with an id. Raises InputError."""
    for case in golden.cases():
        if case.id == name:
            return case
    raise InputError(f"no case has the id {name!a}; acrn-conformance list shows all")
