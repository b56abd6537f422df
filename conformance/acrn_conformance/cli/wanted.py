"""The argv to compare captured calls with: of a golden case, or for a VM description."""

from acrn_base.text import excerpt, visible
from acrn_cmdline.capture import PROGRAMS
from acrn_cmdline.captured import Wanted
from acrn_conformance import oracle
from acrn_conformance.cases import Dialect, tokens_in
from acrn_conformance.cli import case, choice
from acrn_conformance.cli.fault import InputError

_ACRN_DM, _ACRNCTL = PROGRAMS


def golden(name: str) -> Wanted:
    """Return the argv that a golden case expects. Raises InputError."""
    found = case.find(choice.load().golden, name)
    argvs = [tokens_in(answer.result, "argv") for answer in found.accepted]
    argv = next((argv for argv in argvs if argv is not None), None)
    if argv is None:
        raise InputError(f"the case {name} expects no argv; try an argv or sandbox_argv case")
    program = _ACRNCTL if found.request.method == "block_rescan" else _ACRN_DM
    return Wanted(name, program, argv)


def described(dialect: Dialect, path: str) -> Wanted:
    """Return what the reference builds for a VM description. Raises InputError."""
    try:
        argv = oracle.described(dialect, path)
    except oracle.DescriptionError as error:
        text = str(error).encode("ascii", "backslashreplace").decode()
        raise InputError(f"--sandbox {visible(str(path))}: {text}") from None
    return Wanted(f"the argv for {excerpt(path)}", _ACRN_DM, argv)
