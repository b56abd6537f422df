"""Faults in memory, paths, limits and capabilities."""

from miniatures.miniature import Constant, Patch


def _memory(name: str, what: str, expression: str) -> Patch:
    old, new = 'return Memory(f"{memory_mb}M")', f"return Memory({expression})"
    return Patch(name, what, "arch.Arch.memory_topology", old, new)


PATCHES = (
    _memory("memory-in-gigabytes", "Whole gigabytes are written as such.",
            'f"{memory_mb // 1024}G" if memory_mb and not memory_mb % 1024 else f"{memory_mb}M"'),
    _memory("memory-of-32-bits", "Memory is cut to 32 bits.", 'f"{memory_mb % 2**32}M"'),
    _memory("memory-signed", "Memory from 2^63 up is negative.",
            'f"{memory_mb - (memory_mb >> 63 << 64)}M"'),
    _memory("memory-a-double", "Memory passes through a double.",
            'f"{int(float(memory_mb))}M"'),
    _memory("memory-with-commas", "Memory has a comma at each thousand.", 'f"{memory_mb:,}M"'),
    _memory("memory-exponent", "Memory of seven digits and more has an exponent.",
            '(f"{memory_mb}" if memory_mb < 10**6 else f"{memory_mb:g}") + "M"'),
    Patch(
        "memory-of-63-bits",
        "Memory from 2^63 up is refused.",
        "arch.Arch.memory_topology",
        "if not 0 <= memory_mb < 1 << 64:",
        "if not 0 <= memory_mb < 1 << 63:"
    ),
    Constant("fs-sharing", "Sharing of file systems is said to work.",
             "dialect.Capabilities.fs_sharing", value=True),
    Constant("four-vcpus", "The limit is four vCPUs.", "arch.MAX_VCPUS", 4),
    Constant("dm-elsewhere", "The path of acrn-dm is another.", "arch.ACRN_DM",
             "/usr/sbin/acrn-dm"),
)  # fmt: skip
