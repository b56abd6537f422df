"""Hypothesis strategies for requests: well-formed, nearly well-formed in what they say, hostile.

Needs the extra ``fuzz``. Every request is legal on the wire, and its integers are within 2^53.
"""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from acrn_conformance.cases import Request
from acrn_conformance.search.sample_devices import DEVICES, Device

Object = dict[str, object]

# What wrong quoting, splitting, trimming, formatting, folding or escaping would change.
_TELLING = (
    *(
        "",
        " ",
        "a",
        "nodisk",
        "-s",
        "-A",
        "-lead",
        "a b",
        " a",
        "b ",
        "a,b",
        ",",
        "a=b",
        "@a",
        "%s",
    ),
    *("a:b", "/run/c.sock", "/a//b/../c", "~", "null", "007", "MiXed", "'", '"', "\\", "\\n", "\0"),
    *("$HOME", "`id`", "{}", "<>&", "a\nb", "a\r\n", "\t", "\x1b[0m", "\x7f", "\x85", "\u2028"),
    *("\ufeff", "\u00e9", "e\u0301", "\u0130", "\u212a", "\U0001f600", "\uffff"),
)
_LONG = tuple("x" * (size - 1) + "z" for size in (16, 32, 64, 108, 128, 256, 1024, 4096))

texts = st.one_of(
    st.sampled_from((*_TELLING, *_LONG)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
"""Any well-formed text, telling ones and lengths at limits often."""

paths = st.one_of(st.sampled_from(("/a", "/b,c", "nodisk", "/run/x=y", "-s")), texts)
macs = st.one_of(st.sampled_from(("02:00:00:00:00:0A", "")), texts)
indices = st.one_of(
    st.integers(0, 10), st.sampled_from((-1, 15, 16, 31, 32, 100, 255, 256, (1 << 53) - 1))
)
functions = st.one_of(st.integers(0, 8), st.sampled_from((-1, 255, 256)))


def _near(*words: str) -> SearchStrategy[str]:
    """Give right words often, then what is nearly one, then anything."""
    wrong = [form for word in words for form in (word.upper(), f"{word} ", f" {word}", word[:-1])]
    return st.one_of(st.sampled_from(words), st.sampled_from(wrong), texts)


def _objects(**fields: SearchStrategy[object]) -> SearchStrategy[Object]:
    return st.fixed_dictionaries(fields)


def _device(kind: str, **fields: SearchStrategy[object]) -> SearchStrategy[Object]:
    return _objects(kind=st.just(kind), **fields)


_free_devices = st.one_of(
    _device(
        "console",
        name=texts,
        backend=_near("socket", "tty", "pty", "file", "console", "stdio"),
        port_type=st.sampled_from(("console", "serial", "other")),
        path=paths,
    ),
    _device("net", net_type=_near("tap", "macvtap"), if_name=paths, mac_address=macs),
    _device("block", file_path=paths, index=indices),
    _device("bridge", function=functions, emul=_near("hostbridge"), config=texts),
    _device("lpc", function=functions, emul=_near("lpc")),
)

devices: SearchStrategy[Device] = st.one_of(st.sampled_from(DEVICES), _free_devices)

# Most lists are short; one in a few goes beyond the last slot, made of ready devices for speed.
device_lists: SearchStrategy[list[Device]] = st.one_of(
    st.lists(devices, max_size=5),
    st.lists(devices, max_size=5),
    st.builds(
        lambda filling, size, tail: [*[filling] * size, *tail],
        st.sampled_from(DEVICES),
        st.integers(6, 36),
        st.lists(devices, max_size=4),
    ),
    st.lists(st.sampled_from(DEVICES), min_size=8, max_size=40),
)

configs = _objects(
    path=paths,
    name=texts,
    uuid=texts,
    acpi_virt=st.booleans(),
    memory=_objects(size=texts),
    kernel=_objects(path=paths, image_path=paths, params=texts),
    devices=device_lists,
)

_sockets = _objects(append=st.just("socket"), name=texts, host_path=paths)
_networks = _objects(
    append=st.just("network"),
    endpoint=_near("veth", "macvtap", "physical"),
    model=st.sampled_from(("default", "macvtap", "tcfilter", "none")),
    if_name=paths,
    hard_addr=macs,
)
_drives = _objects(append=st.just("block_device"), file=paths, index=indices)
sandbox_steps = st.one_of(_sockets, _networks, _drives)
append_steps = st.one_of(
    sandbox_steps,
    st.sampled_from([{"append": "bridges"}, {"append": "lpc"}]),
    _objects(append=st.just("console"), path=paths),
    _objects(append=st.just("image"), path=st.sampled_from(("/dev/null", "/", "/nonexistent", ""))),
)
memories = st.one_of(
    st.sampled_from((0, 1, 1023, 1024, 2048, (1 << 31), (1 << 32), (1 << 53) - 1)),
    st.integers(0, (1 << 53) - 1),
)
_pairs = st.lists(
    st.one_of(texts, st.sampled_from(("quiet", "panic", "root"))), min_size=2, max_size=2
)
sandboxes = _objects(
    id=texts,
    uuid=texts,
    memory_mb=memories,
    debug=st.booleans(),
    max_vcpus=st.one_of(st.integers(0, 9), st.just((1 << 32) - 1)),
    kernel_path=paths,
    image_path=paths,
    kernel_params=st.lists(_pairs, max_size=4),
    console_path=paths,
    steps=st.lists(sandbox_steps, max_size=4),
)


def _asking(method: str, params: SearchStrategy[Object]) -> SearchStrategy[Request]:
    return st.builds(lambda fields: Request(method, fields), params)


argv_requests = _asking("argv", st.builds(lambda config: {"config": config}, configs))
"""Requests of the method ``argv``."""

BY_METHOD: dict[str, SearchStrategy[Request]] = {
    "argv": argv_requests,
    "sandbox_argv": _asking("sandbox_argv", sandboxes),
    "append_devices": _asking(
        "append_devices",
        _objects(devices=st.lists(devices, max_size=3), steps=st.lists(append_steps, max_size=4)),
    ),
    "device_params": _asking(
        "device_params", _objects(device=devices, slot=st.one_of(st.integers(0, 33), indices))
    ),
    "device_valid": _asking("device_valid", _objects(device=devices)),
    "block_rescan": _asking(
        "block_rescan",
        _objects(
            name=texts,
            block_slots=st.lists(st.integers(0, 40), min_size=9, max_size=9),
            index=indices,
            file=paths,
        ),
    ),
    "kernel_parameters": _asking(
        "kernel_parameters", _objects(image_path=paths, debug=st.booleans())
    ),
    "memory_topology": _asking("memory_topology", _objects(memory_mb=memories)),
}
"""A strategy for each method whose answer depends on what is asked."""
