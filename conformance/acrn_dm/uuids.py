"""UUIDs that are commonly known; the hypervisor refuses one that its scenario does not hold."""

from typing import Final

KATA_UUIDS: Final = (
    "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f",
    "dbeae168-26e4-4084-9227-622193e56325",
    "18ed60cd-e9ea-4bf4-8f87-8523fc8347a3",
    "3f90b6f8-449a-4e72-b99c-063a889fc422",
    "1ae8587b-e599-4b59-8260-6d14ac166a55",
    "75f3b94b-49ed-48fc-b019-577ef45adf2b",
    "ca62cf3c-8359-47e8-a3f7-de2d682dfb02",
    "e3189497-c3f6-4b97-9e2c-18ac0ab9064d",
)
"""Those that kata 1.x uses, in its order."""

DEFAULT_UUID: Final = "d2795438-25d6-11e8-864e-cb7a18b34643"
"""The UUID of a VM that is started without ``-U``."""

SCENARIO_UUIDS: Final = (
    "495ae2e5-2603-4d64-af76-d4bc5a8ec0e5",
    "615db82a-e189-4b4f-8dbb-d321343e4ab3",
    "38158821-5208-4005-b72a-8a609e4190d0",
)
"""Further ones of ACRN's own scenarios; the first is that of the real-time VM."""


def known_uuid(text: str) -> bool:
    """Tell whether a UUID, in any case, is one of these."""
    return text.lower() in {*KATA_UUIDS, DEFAULT_UUID, *SCENARIO_UUIDS}
