"""Hypothesis strategies for requests: well-formed, nearly well-formed in what they say, hostile.

Needs the extra ``fuzz``. Every request is legal on the wire.
"""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from acrn_conformance.model import Request

Value = dict[str, object]

# What wrong quoting, splitting, trimming, formatting, escaping or cutting short would change.
_TELLING = (
    *("", " ", "a", "nodisk", "-s", "-lead", "a b", "a,b", "a=b", "@a", "%s", "a:b", "/run/c.sock"),
    *("'", '"', "\\", "$HOME", "`id`", "{}", "<>&", "a\nb", "a\r", "\t", "\x1b[0m", "\x7f"),
    *("\x85", "\u2028", "\ufeff", "é", "e\u0301", "\u0130", "\U0001f600"),
)

texts = st.one_of(
    st.sampled_from(_TELLING),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.just("x" * 4096),
)
"""Any well-formed text, telling ones often."""

paths = st.one_of(st.sampled_from(["/a", "/b,c", "nodisk", "/run/x=y"]), texts)
indices = st.one_of(st.integers(0, 10), st.sampled_from([100, (1 << 31) - 1, (1 << 53) - 1]))
functions = st.one_of(st.integers(0, 8), st.sampled_from([-1, 255]))
backends = st.one_of(st.sampled_from(["socket", "tty", "pty", "file", "console", "stdio"]), texts)
net_types = st.one_of(st.sampled_from(["tap", "macvtap", "TAP"]), texts)
port_types = st.sampled_from(["console", "serial", "other"])


def _device(kind: str, **fields: SearchStrategy[object]) -> SearchStrategy[Value]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


consoles = _device("console", name=texts, backend=backends, port_type=port_types, path=paths)
nets = _device("net", net_type=net_types, if_name=paths, mac_address=texts)
blocks = _device("block", file_path=paths, index=indices)
bridges = _device(
    "bridge", function=functions, emul=st.one_of(st.just("hostbridge"), texts), config=texts
)
lpcs = _device("lpc", function=functions, emul=st.one_of(st.just("lpc"), texts))
devices = st.one_of(consoles, nets, blocks, bridges, lpcs)

# Most lists are short; some go beyond the last slot.
device_lists = st.one_of(
    st.lists(devices, max_size=6), st.lists(st.one_of(blocks, devices), min_size=25, max_size=40)
)

configs = st.fixed_dictionaries(
    {
        "name": texts,
        "uuid": texts,
        "acpi_virt": st.booleans(),
        "memory": st.fixed_dictionaries({"size": texts}),
        "kernel": st.fixed_dictionaries({"path": paths, "image_path": paths, "params": texts}),
        "devices": device_lists,
    }
)

argv_requests = st.builds(lambda config: Request("argv", {"config": config}), configs)
"""Requests of the method ``argv``."""
