"""A board's word on itself, and what a look at it finds before anything is started there."""

import msgspec

from acrn_hwtests.boardfile import BoardClass


class Facts(msgspec.Struct, frozen=True):
    """A board's word on itself; it stands in every report."""

    board_class: BoardClass
    kind: str
    host: str
    release: str
    dialect: str
    version: str
    system: str
    kernel: str
    kernel_sha256: str
    image: str
    image_sha256: str


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the preflight's table; ``remedy`` is empty where nothing is amiss."""

    what: str
    found: str
    remedy: str = ""
