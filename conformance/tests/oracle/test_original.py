"""Where the original cannot give the arch layer's answer, something else is as good."""

import subprocess
import sys
from pathlib import Path

import pytest
from implementations import COMMAND, UNMEASURED, acrn_conformance

from acrn_conformance import oracle
from acrn_conformance.cases import KATA_1, KATA_3, Answer, Level, Quirk, Request, tokens_in

pytestmark = pytest.mark.unmeasured

ORIGINAL = (sys.executable, str(Path(__file__).parents[1] / "original.py"))
RECORDED = (KATA_1.name, KATA_3.name)
"""The dialects that have an original."""

SANDBOX: dict[str, object] = {
    "id": "guest",
    "uuid": "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f",
    "memory_mb": 2048,
    "max_vcpus": 8,
    "kernel_path": "/vmlinuz",
    "image_path": "/kata.img",
    "console_path": "/run/vc/vm/guest/console.sock",
}
REFUSED = Answer(refused=True)


def quirk(method: str, params: dict[str, object]) -> Quirk | None:
    request = Request(method, params)
    return oracle.quirk(KATA_1, request, oracle.expected(KATA_1, request))


def sandbox(**fields: object) -> Quirk | None:
    return quirk("sandbox_argv", {**SANDBOX, **fields})


def endpoint(kind: str, address: str) -> dict[str, object]:
    step = {"append": "network", "endpoint": kind, "if_name": "eth0", "hard_addr": address}
    return {"steps": [step]}


@pytest.mark.parametrize("mode", [(), ("logger",)], ids=["panics", "logs"])
@pytest.mark.parametrize("dialect", RECORDED)
def test_an_adapter_of_the_original_passes_every_case(dialect: str, mode: tuple[str, ...]) -> None:
    """It is asked for nothing that it cannot do, with a logger or without."""
    run = acrn_conformance("run", "--dialect", dialect, "--", *ORIGINAL, dialect, *mode)
    assert run.returncode == 0, run.stdout


@pytest.mark.slow
@pytest.mark.parametrize("dialect", RECORDED)
def test_a_search_finds_nothing_in_an_adapter_of_the_original(tmp_path: Path, dialect: str) -> None:
    """What the search draws is judged as the cases are."""
    output = str(tmp_path / "found.json")
    limits = ("--examples", "30000", "--seed", "1", "--output", output)
    words = (*UNMEASURED, *COMMAND, "fuzz", "--dialect", dialect, *limits)
    run = subprocess.run(
        [*words, "--", *ORIGINAL, dialect], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_what_is_filled_in_is_as_good() -> None:
    """A sandbox without vCPUs and memory may have those that the original fills in."""
    found = sandbox(max_vcpus=0, memory_mb=None)
    assert found
    assert found.rule == "sandbox-filled-in"
    refused, filled = found.also_accepted
    assert refused == REFUSED
    argv = tokens_in(filled.result, "argv") or []
    assert "2048M" in argv
    assert any("maxcpus=240" in token.split() for token in argv)


@pytest.mark.parametrize(
    "fields",
    [
        {"memory_mb": 2**32},
        {"kernel_path": ""},
        {"uuid": None},
        {"console_path": ""},
        {"console_path": "é" * 54},
        {"id": "i" * 84},
        endpoint("physical", ""),
        endpoint("", ""),
        endpoint("macvtap", "eth0"),
        endpoint("macvtap", "02:42:ac:11:00:0"),
    ],
)
def test_a_refusal_is_as_good_beyond_the_original(fields: dict[str, object]) -> None:
    """Where the original gives no answer, nothing but the composition and a refusal pass."""
    found = sandbox(**fields)
    assert found
    assert found.also_accepted == (REFUSED,)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"memory_mb": 2**32 - 1, "max_vcpus": 1},
        {"console_path": "é" * 53 + "x", "id": "i" * 83},
        endpoint("macvtap", "02:42:ac:11:00:02"),
        endpoint("macvtap", ""),
        endpoint("veth", "02:42:AC:11:00:02"),
        {"max_vcpus": 0, "image_path": ""},
    ],
)
def test_one_answer_is_right_where_the_original_gives_it(fields: dict[str, object]) -> None:
    """Up to the limits of the original there is no second answer, nor where both refuse."""
    assert sandbox(**fields) is None


@pytest.mark.parametrize(
    "address", ["02:42:AC:11:00:0A", "02-42-ac-11-00-0a", "0242.ac11.000a", "02:42:ac-11:00:0A"]
)
def test_an_address_may_be_written_as_bytes_are(address: str) -> None:
    """A macvtap's address in another form may come back in lower case with colons."""
    found = quirk("append_devices", endpoint("macvtap", address))
    assert found
    refused, written = found.also_accepted
    assert refused == REFUSED
    (device,) = tokens_in(written.result, "devices") or []
    assert '"mac_address":"02:42:ac:11:00:0a"' in device


@pytest.mark.parametrize("index", [8, 9])
def test_a_disk_beyond_the_table_may_be_refused_by_itself(index: int) -> None:
    """`device_params` of it may be refused, and of the last one in the table may not."""
    found = quirk("device_params", {"device": {"kind": "block", "index": index}, "slot": 4})
    assert bool(found) is (index > 8)
    argv: dict[str, object] = {
        "config": {"devices": [{"kind": "block", "file_path": "/d", "index": index}]}
    }
    assert quirk("argv", argv) is None


def test_a_search_writes_down_what_else_it_accepts() -> None:
    """A case that a search finds is a quirk where others would be one."""
    case = oracle.reference_case(KATA_1, Request("sandbox_argv", {**SANDBOX, "uuid": "a\0"}))
    assert case.level is Level.QUIRK
    assert case.also_accepted == (REFUSED,)
    assert "NUL" in case.reason
