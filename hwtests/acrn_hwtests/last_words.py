"""The line of acrn-dm's last ones that says why it ended: often not the very last one."""

import re
from collections.abc import Sequence
from typing import Final

_ASIDE: Final = re.compile(
    r"""(?x)
      \** | (Listening|[Pp]olling|Stop\ (listening|polling))\ \d+.*
    | mngr_client_new:.* | No\ (correct\ )?pm\ notify\ channel\ given.* | pci\ deinit\ .*
    | (rmdir\ failed)+ | vtnet\ tx\ thread\ closing.* | vm_reset_ptdev_intx:.*
    | (net->tapfd\ is|virtio_net_get_ifindex:|Could\ not\ register\ event).*
    | (iasl\ version|vm\ setup|block_if\ sigcont|tpm:|open\ power\ button\ error|open\ of\ vhost).*
    | virt-console\ backend\ redirected\ to.* | .*obsolete.* | DM:.* | acrn-dm\ \(stand-in\):.*
    | passed\ gvt-g\ optargs.* | MPtable\ generation\ can\ be\ disabled.* | [Uu]sage:.* | \s.*
    """
)
"""Whole lines that acrn-dm also prints where nothing is amiss, or while it cleans up (measured)."""

_VAGUE: Final = re.compile(
    r"Unable to (init vdev|setup memory).*|pci \S+ init failed|uart: open_backend failed"
    r"|Could not open backing file(pci virtio-blk init failed)?"
)
"""Whole lines that follow the one that says what is amiss, if one does."""


def reason(lines: Sequence[str]) -> str:
    """Return the line that tells most of the end; empty where there is no line."""
    telling = [line for line in lines if not _ASIDE.fullmatch(line)]
    exact = [line for line in telling if not _VAGUE.fullmatch(line)]
    return (exact[-1:] or telling[:1] or list(lines)[-1:] or [""])[0]
