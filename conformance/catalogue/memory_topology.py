"""The family `memory_topology`: the whole uint64 range, always in megabytes."""

from catalogue.build import entry

_SIZES = {
    "0": 0,
    "1": 1,
    "512": 512,
    "1000": 1000,
    "1023": 1023,
    "1024": 1024,
    "1025": 1025,
    "2048": 2048,
    "8192": 8192,
    "1048576": 2**20,
    "2-to-31": 2**31,
    "2-to-32-less-1": 2**32 - 1,
    "2-to-32": 2**32,
    "2-to-53-less-1": 2**53 - 1,
    "2-to-53": 2**53,
    "2-to-53-and-1": 2**53 + 1,
    "2-to-54-and-2": 2**54 + 2,
    "2-to-63-less-1": 2**63 - 1,
    "2-to-63": 2**63,
    "2-to-64-less-1": 2**64 - 1,
}

ENTRIES = (
    *(
        entry(
            "memory_topology",
            tail,
            f"Memory of {size} MiB is {size} with an M, and in no other unit.",
            "memory-in-megabytes",
            {"memory_mb": size},
        )
        for tail, size in _SIZES.items()
    ),
    entry("memory_topology", "no-params", "Absent memory is 0M.", "absent-field", {}),
    entry("memory_topology", "null", "Null memory is 0M.", "absent-field", {"memory_mb": None}),
    entry(
        "memory_topology",
        "unknown-fields",
        "Unknown fields change nothing.",
        "unknown-field",
        {"memory_mb": 256, "host_memory_mb": 4096, "slots": 2, "unit": "G"},
    ),
    entry(
        "memory_topology",
        "other-case",
        "A field whose name is in another case is another, and changes nothing.",
        "field-name-case",
        {"Memory_MB": 4096, "MEMORY_MB": 512},
    ),
)
