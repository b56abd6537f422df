"""A place of a labgrid farm is had, told about, and given back however its holder ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Timer

import pytest
from farm_fixture import Farm, FarmBoard, farm, ssh_at

from acrn_hwtests.farm import FarmError, Service, acquired

BOB = "lab2/bob"
GIVEN_BACK_WITHIN = 8.0


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    with farm(
        tmp_path_factory.mktemp("farm"),
        FarmBoard("board1", {"acrn": "yes", "release": "v33"}, ssh_at("127.0.0.2", 2222, "lab")),
        FarmBoard("board2", {"acrn": "yes", "release": "v20"}, {"ssh": at("127.0.0.3")}),
        FarmBoard("mute", {}, {"NetworkPowerPort": {"model": "none", "host": "h", "index": "1"}}),
        FarmBoard("wild", {}, ssh_at(port=99999)),
        FarmBoard("double", {}, {"a": at("127.0.0.1"), "b": at("127.0.0.1")}),
    ) as running:
        yield running
        assert running.client("reservations") == ""


def at(address: str) -> dict[str, str]:
    return {"cls": "NetworkService", "address": address, "username": "root"}


@pytest.fixture
def quiet_lab(lab: Farm) -> Iterator[Farm]:
    """Return a farm in which nothing may be held or running after the test."""
    yield lab
    assert_within(GIVEN_BACK_WITHIN, lambda: not lab.clients())
    log = lab.log.read_text()
    assert log.count(": place acquired by ") == log.count(": place released\n")


def assert_within(seconds: float, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def refusal(lab: Farm, *, place: str = "", wait: float = 0.0, **tags: str) -> str:
    with (
        pytest.raises(FarmError) as raised,
        acquired(lab.coordinator, place=place, tags=tags, wait=wait),
    ):
        pass
    return str(raised.value)


@pytest.mark.board
def test_place_with_the_tags_is_reserved_and_held_and_given_back(quiet_lab: Farm) -> None:
    """A place that has all the tags is acquired under a reservation, and its service told."""
    tags = {"acrn": "yes", "release": "v33"}
    with acquired(quiet_lab.coordinator, tags=tags, wait=10) as service:
        assert service == Service("127.0.0.2", "lab", 2222, "board1")
        assert quiet_lab.holder("board1")
        assert "state: acquired" in quiet_lab.client("reservations")


@pytest.mark.board
def test_place_is_had_by_name(quiet_lab: Farm) -> None:
    """A free place is acquired by its name; its service has SSH's port where none is exported."""
    with acquired(quiet_lab.coordinator, place="board2", wait=0) as service:
        assert service == Service("127.0.0.3", "root", 22, "board2")
        assert quiet_lab.holder("board2")


@pytest.mark.board
def test_tags_give_each_run_a_place_of_its_own(quiet_lab: Farm) -> None:
    """Two runs that ask for the same tags get two places, and a third is told who has them."""
    with ExitStack() as stack:
        places = {
            stack.enter_context(
                acquired(quiet_lab.coordinator, tags={"acrn": "yes"}, wait=10)
            ).place
            for _ in range(2)
        }
        assert places == {"board1", "board2"}
        text = refusal(quiet_lab, wait=1.5, acrn="yes")
    assert "waited 1.5 s for a place with the tags acrn=yes" in text
    assert text.count("by this user on this machine") == 2


@pytest.mark.board
def test_reservation_is_waited_for(quiet_lab: Farm) -> None:
    """A place that another gives back within the time is had then."""
    with ExitStack() as held:
        held.enter_context(quiet_lab.held("board1", BOB))
        giving_back = Timer(2, held.close)
        giving_back.start()
        tags = {"release": "v33"}
        with acquired(quiet_lab.coordinator, tags=tags, wait=20) as service:
            assert service.place == "board1"
        giving_back.join()


@pytest.mark.board
def test_place_of_another_is_refused_with_the_name(quiet_lab: Farm) -> None:
    """A place that somebody holds is not had by name, and the error says who and since when."""
    with quiet_lab.held("board1", BOB):
        text = refusal(quiet_lab, place="board1")
        assert quiet_lab.holder("board1") == BOB
    assert f"board1 is acquired by bob on lab2 since {time.strftime('%Y-%m-%d')}" in text


@pytest.mark.board
def test_place_left_by_a_dead_run_is_recognised(quiet_lab: Farm) -> None:
    """A place held by this very user on this machine is refused with the command that frees it."""
    with quiet_lab.held("board1"):
        text = refusal(quiet_lab, place="board1")
        assert quiet_lab.holder("board1")
    assert "by this user on this machine" in text
    assert text.endswith(f"died; then labgrid-client -x {quiet_lab.coordinator} -p board1 release")


@pytest.mark.board
def test_place_reserved_by_another_is_refused(quiet_lab: Farm) -> None:
    """A free place that is allotted to somebody is not had by name."""
    shown = quiet_lab.client("reserve", "release=v33", identity=BOB)
    text = refusal(quiet_lab, place="board1")
    quiet_lab.client("cancel-reservation", shown.split("'")[1], identity=BOB)
    assert "board1 was not reserved for" in text


@pytest.mark.board
def test_name_is_a_whole_name(quiet_lab: Farm) -> None:
    """An unknown place is an error that names those there are; a part of a name is unknown."""
    text = refusal(quiet_lab, place="board")
    assert "is named board; its places: board1, board2, " in text


@pytest.mark.board
def test_tags_that_no_place_has_are_not_waited_for(quiet_lab: Farm) -> None:
    """Where no place has the tags, the error comes at once, not after the wait."""
    started = time.monotonic()
    text = refusal(quiet_lab, wait=300, acrn="yes", release="v99")
    assert time.monotonic() - started < 20
    assert "has the tags acrn=yes release=v99; see labgrid-client " in text


@pytest.mark.board
def test_bad_tag_is_one_line(quiet_lab: Farm) -> None:
    """A tag that labgrid refuses is told in its words."""
    assert "labgrid: Key 'ACRN' in filter 'ACRN=x' is invalid; " in refusal(quiet_lab, ACRN="x")


@pytest.mark.board
@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("mute", "place mute needs one NetworkService and has 0; see labgrid-client "),
        ("double", "place double needs one NetworkService and has 2; see labgrid-client "),
        ("wild", "Expected `int` <= 65535 - at `$.params.port`; mend its exporter's"),
    ],
)
def test_place_without_a_usable_service_is_refused(
    quiet_lab: Farm, place: str, complaint: str
) -> None:
    """A place with no, two, or an impossible NetworkService is given back with an error."""
    assert complaint in refusal(quiet_lab, place=place)


@pytest.mark.board
def test_service_behind_a_proxy_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An isolated exporter's service, which only a proxy reaches, is refused."""
    with farm(tmp_path_factory.mktemp("farm"), FarmBoard("far"), isolated=True) as isolated:
        assert "export a plain address, without --isolated" in refusal(isolated, place="far")
        assert not isolated.holder("far")


@pytest.mark.board
@pytest.mark.parametrize(
    ("coordinator", "tags", "complaint"),
    [
        (
            "127.0.0.1:1",
            {},
            "labgrid coordinator 127.0.0.1:1 cannot be reached: Connection refused;",
        ),
        ("no.invalid", {"acrn": "yes"}, "labgrid coordinator no.invalid cannot be reached: "),
        ("127.0.0.1:x", {}, "labgrid: Port could not be cast to integer value as 'x';"),
    ],
)
def test_unreachable_coordinator_is_one_line(
    coordinator: str, tags: dict[str, str], complaint: str
) -> None:
    """A coordinator that does not answer is an error with its address and the reason."""
    place = "" if tags else "board1"
    with (
        pytest.raises(FarmError) as raised,
        acquired(coordinator, place=place, tags=tags, wait=0),
    ):
        pass
    assert str(raised.value).startswith(complaint)


@pytest.mark.board
def test_exception_passes_and_the_place_is_free(quiet_lab: Farm) -> None:
    """An exception of the holder's comes out as it is, after all was given back."""
    fault = KeyError("a fault")
    with (
        pytest.raises(KeyError) as raised,
        acquired(quiet_lab.coordinator, tags={"acrn": "yes"}, wait=10),
    ):
        raise fault
    assert raised.value is fault
    assert not quiet_lab.clients()
    assert not hasattr(fault, "__notes__")


@pytest.mark.board
def test_place_lost_meanwhile_is_told(quiet_lab: Farm) -> None:
    """A holder whose place was taken away hears of it at the end."""
    with (
        pytest.raises(FarmError, match="board1 could not be given back: place board1 is not"),
        acquired(quiet_lab.coordinator, place="board1", wait=0),
    ):
        quiet_lab.client("-p", "board1", "release", "--kick", identity=BOB)


@pytest.mark.board
def test_place_lost_meanwhile_is_a_note_on_an_exception(quiet_lab: Farm) -> None:
    """A holder's own exception is not replaced by the complaint about its place."""
    with pytest.raises(KeyError) as raised, acquired(quiet_lab.coordinator, place="board1", wait=0):
        raise KeyError(quiet_lab.client("-p", "board1", "release", "--kick", identity=BOB))
    assert "board1 could not be given back" in raised.value.__notes__[0]


@pytest.mark.board
def test_place_that_another_got_meanwhile_is_let_be(quiet_lab: Farm) -> None:
    """Giving back never takes a place from somebody who has got it in the meantime."""
    with acquired(quiet_lab.coordinator, place="board1", wait=0):
        quiet_lab.client("-p", "board1", "release", "--kick", identity=BOB)
        quiet_lab.client("-p", "board1", "acquire", identity=BOB)
    assert quiet_lab.holder("board1") == BOB
    quiet_lab.client("-p", "board1", "release", identity=BOB)


@pytest.mark.board
def test_variables_for_other_uses_do_not_disturb(
    quiet_lab: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a shell has set for labgrid-client by hand does not lead to another place."""
    for name, value in {"LG_ENV": "/none.yaml", "LG_PLACE": "board2", "STATE": "on"}.items():
        monkeypatch.setenv(name, value)
    with acquired(quiet_lab.coordinator, place="board1", wait=0) as service:
        assert service.place == "board1"


HOLDER = """
import sys, time
from acrn_hwtests.farm import acquired
with acquired(sys.argv[1], tags={"release": "v33"}, wait=10) as service:
    print(service.place, flush=True)
    time.sleep(600)
"""


@pytest.mark.board
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_place_of_a_killed_run_is_free_again(quiet_lab: Farm, number: signal.Signals) -> None:
    """A run that a signal ends (to all its process group, as Ctrl-C does) leaves nothing held."""
    with holder(quiet_lab) as process:
        assert process.stdout
        assert process.stdout.readline() == b"board1\n"
        os.killpg(process.pid, number)
        assert process.wait(20) in {-number, 1}
        assert_within(GIVEN_BACK_WITHIN, lambda: not quiet_lab.holder("board1"))


@pytest.mark.board
def test_place_of_a_run_killed_while_it_takes_is_free_again(quiet_lab: Farm) -> None:
    """A run that is killed at the moment its place is acquired leaves nothing held."""
    words = "board1: place acquired"
    before = quiet_lab.log.read_text().count(words)
    with holder(quiet_lab) as process:
        assert_within(20, lambda: quiet_lab.log.read_text().count(words) > before)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.communicate()[0] == b""
        assert_within(GIVEN_BACK_WITHIN, lambda: not quiet_lab.holder("board1"))


def holder(lab: Farm) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, lab.coordinator],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )


def test_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without labgrid the error says how to install it."""
    monkeypatch.setitem(sys.modules, "labgrid", None)
    with pytest.raises(FarmError) as raised, acquired("127.0.0.1:1", place="board1", wait=0):
        pass
    expected = "labgrid is not installed: pip install 'acrn-conformance[labgrid]'"
    assert str(raised.value) == expected


@pytest.mark.parametrize(("place", "tags"), [("", {}), ("board1", {"acrn": "yes"})])
def test_place_or_tags(place: str, tags: dict[str, str]) -> None:
    """Neither of place and tags, or both, is an error."""
    with (
        pytest.raises(FarmError, match="give one of the two"),
        acquired("127.0.0.1:1", place=place, tags=tags, wait=0),
    ):
        pass
