"""Faults in the kernel's parameters, and in how they become one line."""

from miniatures.miniature import Patch

_ALL = "common + _ROOT + mode + systemd"
_OWN = 'own = (Param("panic", "1"), Param("maxcpus", str(self.max_vcpus)))'
_LINE = "(*arch.kernel_parameters(debug=self.debug), *own, *self.kernel_params)"
_PAIR = "if p.key and p.value else p.key or p.value"
_JOIN = 'return " ".join(piece for piece in pieces if piece)'


def _arch(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "arch.Arch.kernel_parameters", old, new)


def _kernel(name: str, what: str, function: str, old: str, new: str) -> Patch:
    return Patch(name, what, f"kernel.{function}", old, new)


def _line(name: str, what: str, function: str, old: str, new: str) -> Patch:
    return Patch(name, what, f"sandbox.{function}", old, new)


PATCHES = (
    _arch("image-path-of-blanks", "An image path of blanks is none.",
          "bool(self.image_path)", "bool(self.image_path.strip())"),
    _kernel("systemd-before-mode", "Systemd's parameters come before debug and quiet.",
            "with_mode", _ALL, "common + _ROOT + systemd + mode"),
    _kernel("debug-without-image-quiet", "Without an image debugging is quiet.", "with_mode",
            "else common + mode", "else common + _QUIET"),
    _line("maxcpus-0-left-out", "No vCPUs give no maxcpus.", "Sandbox._kernel_line", _OWN,
          f"{_OWN}[: 1 + bool(self.max_vcpus)]"),
    _line("maxcpus-to-8", "`maxcpus` is 8 at most.", "Sandbox._kernel_line", "str(self.max_vcpus)",
          "str(min(8, self.max_vcpus))"),
    _line("maxcpus-signed", "`maxcpus` from 2^31 up is negative.", "Sandbox._kernel_line",
          "str(self.max_vcpus)",
          "str(self.max_vcpus - (self.max_vcpus >> 31 << 32))"),
    _line("panic-0-in-debug", "Debugging keeps a guest that panics.", "Sandbox._kernel_line",
          'Param("panic", "1")',
          'Param("panic", "0" if self.debug else "1")'),
    _line("user-before-own", "The user's parameters come before panic and maxcpus.",
          "Sandbox._kernel_line",
          _LINE,
          "(*arch.kernel_parameters(debug=self.debug), *self.kernel_params, *own)"),
    _line("no-user-in-debug", "Debugging leaves out the user's parameters.", "Sandbox._kernel_line",
          _LINE,
          "(*arch.kernel_parameters(debug=self.debug), *own, "
          "*self.kernel_params * (not self.debug))"),
    _line("user-once", "Of the user's parameters with one key the last stays.",
          "Sandbox._kernel_line",
          _LINE,
          "(*arch.kernel_parameters(debug=self.debug), *own, "
          "*{p.key: p for p in self.kernel_params}.values())"),
    _line("user-replaces", "A user's parameter takes the place of one with its key.",
          "Sandbox._kernel_line",
          _LINE,
          "[p for p in (*arch.kernel_parameters(debug=self.debug), *own) "
          "if p.key not in {q.key for q in self.kernel_params}] + list(self.kernel_params)"),
    _kernel("equal-params-once", "Of equal parameters the first stays.", "serialise",
          "for p in params)",
          "for p in dict.fromkeys(params))"),
    _kernel("empty-value-with-equals", "A parameter without a value ends with =.", "serialise",
            _PAIR,
          "if p.key else p.value"),
    _kernel("blanks-quoted", "A value with blanks is quoted.", "serialise", _JOIN,
          "return ' '.join(f'\"{piece}\"' if piece.count(' ') > 2 else piece "
          "for piece in pieces if piece)"),
    _kernel("params-trimmed", "Blanks around each parameter are lost.", "serialise", _JOIN,
          'return " ".join(piece.strip() for piece in pieces if piece)'),
)  # fmt: skip
