"""Faults in the composition of a sandbox."""

from miniatures.miniature import Patch

_IMAGE = "        devices += (Block(self.image_path, 0),)\n"
_POOL = "range(1, POOL_SIZE + 1)"
_STEPS = "for step in self.steps:"
_NAME = "dialect.sandbox_prefix + self.id"
_DRIVE = "return arch.append_block_device(devices, file, index)"


def _sandbox(name: str, what: str, function: str, old: str, new: str) -> Patch:
    return Patch(name, what, f"sandbox.{function}", old, new)


PATCHES = (
    _sandbox("sandbox-acpi-needs-uuid", "A sandbox without a UUID has no ACPI.", "Sandbox.config",
             "acpi_virt=True",
             "acpi_virt=self.uuid != ''"),
    _sandbox("sandbox-prefix-once", "An id that begins with sandbox- gets no second prefix.",
             "Sandbox._name",
             _NAME,
             f'({_NAME}).replace("sandbox-sandbox-", "sandbox-")'),
    _sandbox("sandbox-name-cut", "A sandbox's name is cut at 127 characters.", "Sandbox._name",
             _NAME,
             f"({_NAME})[:127]"),
    _sandbox("pool-downwards", "The pool's indices go down.", "Sandbox._devices",
             _POOL, "range(POOL_SIZE, 0, -1)"),
    _sandbox("pool-after-steps", "The steps' devices come before the pool.",
             "Sandbox._devices", "        for index in range(1, POOL_SIZE + 1):\n",
             "        for step in self.steps:\n            devices = append(arch, devices, step)\n"
             "        for index in range(1, POOL_SIZE + 1):\n"),
    _sandbox("sandbox-image-looked-for", "A sandbox's image is looked for.", "Sandbox._devices",
             _IMAGE,
             "        devices = arch.append_image(devices, self.image_path)\n"),
    _sandbox("sandbox-without-image", "A sandbox without an image is not refused.",
             "Sandbox._devices",
             "            raise MissingImageError(self.image_path)", "            pass"),
    _sandbox("drive-fills-placeholder", "A drive takes the place of the placeholder.", "append",
             _DRIVE,
             "return tuple(Block(file, index) if d == Block(PLACEHOLDER, index) "
             "else d for d in devices) if Block(PLACEHOLDER, index) in devices else "
             "arch.append_block_device(devices, file, index)"),
    _sandbox("eight-steps", "No more than eight steps are taken.", "Sandbox._devices", _STEPS,
             "for step in self.steps[:8]:"),
    _sandbox("equal-steps-once", "Of equal steps only the first is taken.", "Sandbox._devices",
             _STEPS,
             "for step in dict.fromkeys(self.steps):"),
    _sandbox("kernel-is-the-image", "A sandbox without a kernel boots its image.",
             "Sandbox.config",
             "Kernel(self.kernel_path,", "Kernel(self.kernel_path or self.image_path,"),
)  # fmt: skip
