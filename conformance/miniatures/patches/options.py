"""Faults in the options around the devices: which there are, and their order."""

from miniatures.miniature import Patch

_UUID = '_option("uuid", "-U", config.uuid)'
_ACPI = "if config.acpi_virt else"
_BEFORE = "    before = _options(dialect.before, config)"
_PARAMS = '        *_option("kernel.params", "-B", kernel.params),\n'
_NO_KERNEL = "    if not kernel.path:\n        return []\n"


def _config(name: str, what: str, function: str, old: str, new: str) -> Patch:
    return Patch(name, what, f"config.{function}", old, new)


PATCHES = (
    _config("acpi-needs-a-uuid", "ACPI is left out without a UUID.", "_OPTIONS", _ACPI,
            "if config.acpi_virt and config.uuid else"),
    _config("uuid-in-small-letters", "The UUID is written in small letters.", "_OPTIONS", _UUID,
            '_option("uuid", "-U", config.uuid.lower())'),
    _config("kernel-before-devices", "The kernel comes before the devices.", "command",
            f"{_BEFORE}\n    behind = (\n        *_options(dialect.behind, config),\n",
            "    before = _options(dialect.before + dialect.behind, config)\n    behind = (\n"),
    _config("params-without-kernel", "Kernel parameters stand without a kernel.", "_kernel",
            _NO_KERNEL,
            "    if not kernel.path:\n"
            '        return _option("kernel.params", "-B", kernel.params)\n'),
    _config("image-as-kernel", "An image stands in for a kernel that is not given.", "_kernel",
            _NO_KERNEL,
            "    if not kernel.path:\n"
            '        return _option("kernel.path", "-k", kernel.image_path)\n'),
    _config("params-before-kernel", "Kernel parameters come before the kernel.", "_kernel",
            "    return [\n",
            '    return _option("", "-B", kernel.params) + _option("", "-k", kernel.path)\n'
            "    [\n"),
    _config("params-without-blanks", "Blanks around the parameters are lost.", "_kernel", _PARAMS,
            '        *_option("kernel.params", "-B", kernel.params.strip()),\n'),
    _config("name-needs-a-kernel", "The name is left out without a kernel.",
            "command", "if config.name else []", "if config.name and config.kernel.path else []"),
    _config("name-never-an-option", "A name that begins with - is left out.",
            "command",
            "if config.name else []", 'if config.name.lstrip("-") == config.name != "" else []'),
    _config("program-in-front", "The argv begins with the program.", "command",
            _BEFORE,
            '    before = ((Piece((config.path,), "path"),) if config.path else ())'
            " + _options(dialect.before, config)"),
)  # fmt: skip
