"""acrn-3 keeps its promise: what it builds, acrn-dm v3.0 to v3.3 boots with agent and network."""

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from acrn_cmdline.lint import Severity, judge
from acrn_conformance import oracle
from acrn_conformance.cases import ACRN_3, Fields, Request, tokens_in
from acrn_dm import NAMED

RELEASES: Final = ("v3.0", "v3.1", "v3.2", "v3.3")

_TELLING: Final = frozenset({Severity.REFUSED, Severity.SILENT, Severity.RISKY})

_words = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,20}", fullmatch=True)
_macs = st.from_regex(r"02(:[0-9a-f]{2}){5}", fullmatch=True)
_vsocks = st.builds(
    lambda cid: {"append": "vsock", "context_id": cid}, st.integers(3, (1 << 32) - 2)
)
_networks = st.builds(
    lambda kind, number, mac: {
        "append": "network",
        "endpoint": kind,
        "model": "tcfilter",
        "if_name": f"tap{number}_kata",
        "hard_addr": mac,
    },
    st.sampled_from(("veth", "macvtap")),
    st.integers(0, 99),
    _macs,
)
_drives = st.builds(
    lambda file, index: {"append": "block_device", "file": file, "index": index},
    _words.map("/dev/{}".format),
    st.integers(1, 8),
)


def _device(step: Fields) -> object:
    """Return what no two of a sandbox's devices may share: a tap, or a file."""
    return step.get("if_name", step.get("file"))


_sandboxes = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[a-z0-9]{1,11}", fullmatch=True),
        "apic_id": st.sampled_from(("0", "2", "0,2", "4,6,8")),
        "memory_mb": st.integers(64, 4096).map(lambda pages: 2 * pages),
        "debug": st.booleans(),
        "max_vcpus": st.integers(1, 8),
        "kernel_path": _words.map("/boot/{}".format),
        "image_path": _words.map("/images/{}".format),
        "kernel_params": st.lists(
            st.tuples(st.sampled_from(("quiet", "agent.log", "x")), st.sampled_from(("", "1"))).map(
                list
            ),
            max_size=4,
        ),
        "console_path": _words.map("/run/vc/vm/{}/console.sock".format),
        "steps": st.builds(
            lambda vsock, others: [vsock, *others],
            _vsocks,
            st.lists(st.one_of(_networks, _drives), max_size=6, unique_by=_device),
        ),
    }
)


@settings(max_examples=150, deadline=None)
@given(_sandboxes)
def test_every_sandbox_of_acrn_3_boots_with_its_network(sandbox: Fields) -> None:
    """v3.0 to v3.3 take it, and no finding says that something of it has no effect, or a risk."""
    built = oracle.expected(ACRN_3, Request("sandbox_argv", dict(sandbox))).result
    argv = tokens_in(built, "argv")
    assert argv
    told = [
        (each.rule, each.message)
        for each in judge(argv, NAMED, RELEASES).findings
        if each.severity in _TELLING
    ]
    assert told == []
