"""The page that compares the dialects, and says what each release of acrn-dm makes of them."""

from collections.abc import Iterator, Sequence

import msgspec

from acrn_cmdline.lint import Severity, judge
from acrn_conformance import oracle
from acrn_conformance.cases import DIALECTS, Case, Dialect, Request, field_types
from acrn_dm import NAMED, RELEASES
from catalogue.build import CONSOLE_SOCKET, IMAGE, KERNEL, UUID, network_step, socket_step
from catalogue.entry import Params
from catalogue.translated import CPU

_HEAD = """\
# The dialects

Generated. `kata-1` is the specification, and what is meant where no dialect is named; `kata-3` is
what Kata 3.1 to 3.9 build; `acrn-3` has no original: it is kata-3 with what acrn-dm v3.0 to v3.3
were measured to need. [README.md](README.md) has the wire's side of it, [rules.json](rules.json)
each difference with its source.

"""

_RELEASES = """
## A typical sandbox on the releases of acrn-dm

With an agent (a socket in kata-1, else a vsock), a network on `tap0_kata`, and a CPU where the
dialect has one; everything that the line names is there on the board, for v1.0, which has no
placeholders, a file `nodisk` too. By the model of acrn-dm. No release gives a sandbox of kata-3
both its agent and its network.

"""

_WHAT = {
    "kata-1": "Kata 1.x to 3.0",
    "kata-3": "Kata 3.1 to 3.9",
    "acrn-3": "for acrn-dm v3.0 to v3.3",
}


def page(cases: Sequence[Case]) -> str:
    """Return the page."""
    head = [["", *DIALECTS], ["---"] * (1 + len(DIALECTS))]
    compared = [*head, *([title, *row] for title, row in _compared(cases))]
    judged = [["release", *DIALECTS], head[1], *map(_on, RELEASES)]
    return _HEAD + _table(compared) + _RELEASES + _table(judged)


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n".replace("|  |", "| |", 1) for row in rows)


def _compared(cases: Sequence[Case]) -> Iterator[tuple[str, list[str]]]:
    every = list(DIALECTS.values())
    yield "what it is", [_WHAT[each.name] for each in every]
    yield "options in order", [f"`{' '.join(each.options)} NAME`" for each in every]
    yield "a sandbox's name", [_name(each) for each in every]
    yield "common kernel parameters", [_parameters(each) for each in every]
    yield "devices", [", ".join(_kinds(each)) for each in every]
    yield "a network's text", [f"`virtio-net,{each.net_prefix}NAME,mac=MAC`" for each in every]
    yield "context ids of a vsock", [_cids(each) for each in every]
    yield "methods of its own", [_methods(each) for each in every]
    yield "a sandbox without a CPU", [_without_cpu(each) for each in every]
    yield "cases", [str(sum(each.name in case.dialects for case in cases)) for each in every]


def _name(dialect: Dialect) -> str:
    limit = f", at most {dialect.name_limit} bytes" if dialect.name_limit else ""
    return f"`{dialect.sandbox_prefix}ID`{limit}"


def _parameters(dialect: Dialect) -> str:
    params = oracle.answer(dialect, "kernel_parameters", {})["params"]
    return str(len(msgspec.convert(params, list[object])[:-1]))


def _kinds(dialect: Dialect) -> list[str]:
    return [field_types.tag_of(kind)["kind"] for kind in dialect.devices]


def _cids(dialect: Dialect) -> str:
    return f"3 to {dialect.greatest_cid}" if dialect.greatest_cid else "-"


def _methods(dialect: Dialect) -> str:
    common = {name for each in DIALECTS.values() for name in each.method_names}
    common = common.intersection(*(each.method_names for each in DIALECTS.values()))
    return ", ".join(f"`{name}`" for name in dialect.method_names if name not in common) or "-"


def _without_cpu(dialect: Dialect) -> str:
    if "-U" in dialect.options:
        return "is every one"
    without = Request("sandbox_argv", {**_sandbox(dialect), "apic_id": ""})
    return "is refused" if oracle.expected(dialect, without).refused else "leaves the option out"


def _sandbox(dialect: Dialect) -> Params:
    """Return the typical sandbox of a dialect."""
    own: Params = {"uuid": UUID} if "-U" in dialect.options else {"apic_id": CPU}
    vsock = {"append": "vsock", "context_id": 4021}
    agent = vsock if dialect.greatest_cid else socket_step()
    return {
        **own,
        "id": "0123456",
        "memory_mb": 2048,
        "max_vcpus": 1,
        "kernel_path": KERNEL,
        "image_path": IMAGE,
        "console_path": CONSOLE_SOCKET,
        "steps": [agent, network_step()],
    }


def _on(release: str) -> list[str]:
    return [release, *(_fate(dialect, release) for dialect in DIALECTS.values())]


def _fate(dialect: Dialect, release: str) -> str:
    built = oracle.expected(dialect, Request("sandbox_argv", _sandbox(dialect))).result
    argv = built["argv"] if isinstance(built, dict) else None
    if not isinstance(argv, list):
        raise TypeError(dialect.name)
    judgement = judge(argv, NAMED, (release,))
    refused = [each for each in judgement.findings if each.severity is Severity.REFUSED]
    if refused:
        return f"refused: {refused[0].message}".replace("|", "\\|")
    closed = any(finding.rule == "tap-not-opened" for finding in judgement.findings)
    return "agent, **no network**" if closed else "agent and network"
