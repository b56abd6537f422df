"""The contract on what a request always has: kinds, a block table, and no null in an array."""

import json

import jsonschema
import msgspec
import pytest

from acrn_conformance.cases import ACRN_3, KATA_1, KATA_3, Dialect, golden
from acrn_conformance.oracle import replying

SCHEMA = json.loads((golden.folder() / "schema" / "wire.schema.json").read_text("utf-8"))

RESCAN = {"name": "vm", "index": 1, "file": "/d"}
MALFORMED = {
    "device absent": ("device_valid", {}),
    "device null": ("device_params", {"device": None, "slot": 4}),
    "kind absent": ("device_valid", {"device": {"emul": "lpc"}}),
    "kind null": ("device_params", {"device": {"kind": None}, "slot": 4}),
    "kind unknown": ("argv", {"config": {"devices": [{"kind": "vsock"}]}}),
    "kind in another case": ("argv", {"config": {"devices": [{"kind": "LPC"}]}}),
    "device of a list null": ("append_devices", {"devices": [None], "steps": []}),
    "append absent": ("append_devices", {"devices": [], "steps": [{"path": "/p"}]}),
    "append null": ("sandbox_argv", {"image_path": "/i", "steps": [{"append": None}]}),
    "append unknown": ("append_devices", {"devices": [], "steps": [{"append": "disk"}]}),
    "append of another method": (
        "sandbox_argv",
        {"image_path": "/i", "steps": [{"append": "lpc"}]},
    ),
    "step null": ("append_devices", {"devices": [], "steps": [None]}),
    "key null": ("sandbox_argv", {"image_path": "/i", "kernel_params": [[None, "v"]]}),
    "value null": ("sandbox_argv", {"image_path": "/i", "kernel_params": [["k", None]]}),
    "pair null": ("sandbox_argv", {"image_path": "/i", "kernel_params": [None]}),
    "pair of one": ("sandbox_argv", {"image_path": "/i", "kernel_params": [["k"]]}),
    "table absent": ("block_rescan", RESCAN),
    "table null": ("block_rescan", {**RESCAN, "block_slots": None}),
    "table of eight": ("block_rescan", {**RESCAN, "block_slots": [0] * 8}),
    "entry null": ("block_rescan", {**RESCAN, "block_slots": [None] * 9}),
}


def line(method: str, params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


@pytest.mark.parametrize(("method", "params"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_is_no_refusal(method: str, params: object) -> None:
    """The reference answers -32602, and the schema of the wire has no such request."""
    reply = json.loads(replying(KATA_1)(msgspec.json.encode(line(method, params))))
    assert reply["error"]["code"] == -32602
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(line(method, params))


NEXT = {"apic_ids": ["0"], "stored": "0"}
VSOCK = {"kind": "vsock", "context_id": 3}
NEWER = {
    "context id negative": ("device_valid", {"device": {**VSOCK, "context_id": -1}}),
    "context id of 65 bits": ("device_valid", {"device": {**VSOCK, "context_id": 1 << 64}}),
    "context id a text": ("device_valid", {"device": {**VSOCK, "context_id": "3"}}),
    "swap a text": ("block_rescan", {**RESCAN, "block_slots": [0] * 9, "swap": "no"}),
    "CPU a number": ("argv", {"config": {"apic_id": 0}}),
    "id a number": ("next_apic_id", {**NEXT, "apic_ids": [0]}),
    "id null": ("next_apic_id", {**NEXT, "apic_ids": [None]}),
    "ids a text": ("next_apic_id", {**NEXT, "apic_ids": "0"}),
    "index a number": ("next_apic_id", {**NEXT, "stored": 0}),
    "index left a number": ("release_apic_id", {"stored": 0}),
}


@pytest.mark.parametrize("dialect", [KATA_3, ACRN_3], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(("method", "params"), NEWER.values(), ids=NEWER)
def test_a_malformed_request_of_a_newer_dialect_is_no_refusal(
    dialect: Dialect, method: str, params: object
) -> None:
    """What only the newer dialects have has its types as well."""
    name = f"wire-{dialect.name}.schema.json"
    schema = json.loads((golden.folder() / "schema" / name).read_text("utf-8"))
    reply = json.loads(replying(dialect)(msgspec.json.encode(line(method, params))))
    assert reply["error"]["code"] == -32602
    assert not jsonschema.Draft202012Validator(schema).is_valid(line(method, params))
