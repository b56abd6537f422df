"""Deliberately wrong implementations, each the reference with one fault: what the suite catches.

Data and tiny functions, never copies; ``python -m miniatures NAME`` serves one on the wire.
"""

from collections.abc import Mapping

from miniatures.answers import TWISTS
from miniatures.behaviours import BEHAVIOURS
from miniatures.dialects import OF_DIALECTS
from miniatures.miniature import Miniature
from miniatures.patches import PATCHES

MINIATURES: Mapping[str, Miniature] = {
    miniature.name: miniature for miniature in (*PATCHES, *TWISTS, *BEHAVIOURS, *OF_DIALECTS)
}
"""Every miniature by its name."""
