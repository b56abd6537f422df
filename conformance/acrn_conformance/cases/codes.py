"""The codes with which an answer on the wire is none: JSON-RPC's own, and those of a refusal."""

from typing import Final

UNSUPPORTED: Final = -32601
"""There is no such method."""

FAULTS: Final = frozenset({-32700, -32600, -32602, -32603})
"""A fault, of the request or of the implementation: never a refusal."""

REFUSED: Final = -32000
"""The code with which `serve` refuses; any but those above will do."""
