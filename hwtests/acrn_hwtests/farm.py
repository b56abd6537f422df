"""A board of a labgrid farm: a place reserved, acquired, and where its SSH service is.

Nobody is ever kicked out of a place, not even a dead run of our own: an error names the command.
"""

import ast
import getpass
import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Annotated

import msgspec

from acrn_hwtests.labgrid_client import Client, FarmError

__all__ = ["FarmError", "Service", "acquired"]

_CANCEL = 'token=${{said#*token: }}; {cancel} "${{token%%[!A-Z0-9]*}}"'


@dataclass(frozen=True, slots=True)
class Service:
    """The SSH service of an acquired place, as its labgrid NetworkService tells.

    ``address`` is taken as it stands: no proxy of labgrid's is on the way.
    """

    address: str
    username: str
    port: int
    place: str


@contextmanager
def acquired(
    coordinator: str, *, place: str = "", tags: Mapping[str, str] = {}, wait: float
) -> Iterator[Service]:
    """Have a place of the farm for as long as the context lasts.

    ``coordinator`` is HOST or HOST:PORT. Exactly one of ``place``, a place's own name (no alias,
    no part of it), and ``tags`` is given. With tags a place that has them all is reserved, which
    may take ``wait`` seconds; a place that is asked for by name is not waited for. Who we are to
    labgrid is the user at this host name, or LG_USERNAME at LG_HOSTNAME. Raises FarmError.
    """
    if bool(place) == bool(tags):
        raise FarmError("a board of a farm is found by a place or by tags; give one of the two")
    client = Client(coordinator)
    with ExitStack() as stack:
        if place:
            _check_free(client, place)
        else:
            place = stack.enter_context(_reserved(client, tags, wait))
        stack.enter_context(_held(client, place))
        yield _service(client, place)


@contextmanager
def _reserved(client: Client, tags: Mapping[str, str], wait: float) -> Iterator[str]:
    """Have a reservation for a place with these tags; yield the place once it is allotted."""
    wanted = [f"{key}={value}" for key, value in tags.items()]
    with client.kept(
        "reserve",
        *wanted,
        give_back=_CANCEL.format(cancel=client.in_shell("cancel-reservation")),
        what="the reservation",
        remedy="it expires by itself when the place is free",
    ) as shown:
        allotted = (
            _allotted(client, wanted, _last("token: (.*)", shown), wait)
            if _last("state: (.*)", shown) == "waiting"
            else shown
        )
        place = _last(r"allocations:\n +main: (.*)", allotted)
        if not place:
            raise FarmError(f"the reservation is {_last('state: (.*)', allotted)}; start again")
        yield place


def _allotted(client: Client, wanted: list[str], token: str, wait: float) -> str:
    """Wait for a reservation; return how labgrid-client shows it in the end."""
    tags = " ".join(wanted)
    if not any(place.fits(wanted) for place in _places(client)):
        raise FarmError(
            f"no place of {client.coordinator} has the tags {tags};"
            f" see {client.by_hand('-v', 'places')}"
        )
    try:
        return client.output("wait", token, within=wait)
    except subprocess.TimeoutExpired:
        fit = [place for place in _places(client) if place.fits(wanted)]
        states = ", ".join(f"{place.name} {place.state(client)}" for place in fit)
        raise FarmError(f"waited {wait:g} s for a place with the tags {tags}: {states}") from None


def _held(client: Client, place: str) -> AbstractContextManager[str]:
    """Have a place acquired."""
    at = f"--place={place}"
    return client.kept(
        at,
        "acquire",
        # Unlike release, this never takes a place from somebody who got it meanwhile.
        give_back=client.in_shell(at, "release-from", _me()),
        what=f"place {place}",
        remedy=f"if it is still held: {client.by_hand('-p', place, 'release')}",
    )


def _me() -> str:
    """Return the name under which labgrid-client acquires."""
    host = os.environ.get("LG_HOSTNAME", socket.gethostname())
    return f"{host}/{os.environ.get('LG_USERNAME', getpass.getuser())}"


@dataclass(frozen=True, slots=True)
class _Place:
    """A place as ``labgrid-client -v places`` shows it; ``holder`` is HOST/USER or None."""

    name: str
    tags: frozenset[str]
    holder: str
    since: str

    @property
    def free(self) -> bool:
        return self.holder == "None"

    def fits(self, wanted: list[str]) -> bool:
        # The name counts as a tag where labgrid allots places.
        return self.tags | {f"name={self.name}"} >= set(wanted)

    def state(self, client: Client) -> str:
        """Return who has it, and the remedy."""
        if self.free:
            return f"is reserved by another; see {client.by_hand('reservations')}"
        host, _, user = self.holder.partition("/")
        text = f"is acquired by {user} on {host} since {self.since}"
        if self.holder != _me():
            return f"{text}; ask there, or wait longer"
        return (
            f"{text}, that is by this user on this machine: by a run in progress, or by one that"
            f" died; then {client.by_hand('-p', self.name, 'release')}"
        )


def _places(client: Client) -> list[_Place]:
    parts = re.split(r"(?m)^Place '(.*)':$", client.output("-v", "places"))[1:]
    return [
        _Place(
            name,
            frozenset(_last("tags: (.*)", text).split(", ")),
            _last("acquired: (.*)", text),
            _last(r"changed: ([^.\n]*).*", text),
        )
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    ]


def _last(pattern: str, text: str) -> str:
    """Return the last line of the text that has this form, or an empty string."""
    found: list[str] = re.findall(f"(?m)^ *{pattern}$", text)
    return found[-1] if found else ""


def _check_free(client: Client, name: str) -> None:
    """Raise FarmError unless a place has just this name and nobody holds it.

    labgrid-client itself takes a part of a name for the name.
    """
    places = {place.name: place for place in _places(client)}
    if name not in places:
        known = ", ".join(places) or "none"
        raise FarmError(f"no place of {client.coordinator} is named {name}; its places: {known}")
    if not places[name].free:
        raise FarmError(f"place {name} {places[name].state(client)}")


class _Extra(msgspec.Struct, frozen=True):
    proxy: str = ""
    proxy_required: bool = False


class _Params(msgspec.Struct, frozen=True):
    address: str
    username: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 22
    extra: _Extra = _Extra()


class _NetworkService(msgspec.Struct, frozen=True):
    params: _Params


def _service(client: Client, place: str) -> Service:
    """Return the one NetworkService of an acquired place."""
    show = ("-p", place, "show")
    found = re.findall(
        r"(?m)^Acquired resource '.*' \(.*/NetworkService/[^/]*\):\n((?:  .*\n)+)",
        client.output(*show),
    )
    if len(found) != 1:
        raise FarmError(
            f"place {place} needs one NetworkService and has {len(found)};"
            f" see {client.by_hand(*show)}"
        )
    try:
        params = msgspec.convert(ast.literal_eval(found[0].strip()), _NetworkService).params
    except msgspec.ValidationError as error:
        raise FarmError(
            f"the NetworkService of place {place}: {error}; mend its exporter's configuration"
        ) from None
    if params.extra.proxy_required:
        raise FarmError(
            f"the NetworkService of place {place} is reached only through {params.extra.proxy},"
            " and this tier goes directly: export a plain address, without --isolated"
        )
    return Service(params.address, params.username, params.port, place)
