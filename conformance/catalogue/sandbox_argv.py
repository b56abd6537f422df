"""The family `sandbox_argv`: whole sandboxes, their kernel lines and what is added to them."""

from catalogue import sandbox_fields, sandbox_lines, sandbox_steps

ENTRIES = (
    *sandbox_lines.ENTRIES,
    *sandbox_fields.ENTRIES,
    *sandbox_steps.ENTRIES,
)
