"""A board's word on itself."""

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
