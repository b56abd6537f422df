"""Faults in reading requests: what is absent, what a text may hold, how large a number may be."""

from miniatures.miniature import Constant, Patch

_TEXT = '            return value\n        if value is None:\n            return ""\n'


def _text(name: str, what: str, expression: str) -> Patch:
    new = _TEXT.replace("return value", f"return {expression}", 1)
    return Patch(name, what, "document.Fields.text", _TEXT, new)


PATCHES = (
    _text("text-trimmed", "Blanks around every text are lost.", "value.strip(' ')"),
    _text("text-trailing-newline", "A newline at the end of a text is lost.",
          "value.removesuffix(chr(10))"),
    _text("text-nfc", "Texts are normalised to NFC.",
          "__import__('unicodedata').normalize('NFC', value)"),
    _text("text-of-16-bits", "Characters beyond U+FFFF are replaced.",
          "''.join(c if ord(c) < 65536 else chr(0xFFFD) for c in value)"),
    _text("text-cut-at-4095", "Texts are cut at 4,095 characters.", "value[:4095]"),
    _text("text-ends-at-nul", "Texts end at a NUL.", "value.partition(chr(0))[0]"),
    _text("text-on-one-line", "Line ends in a text are lost.", "''.join(value.splitlines())"),
    _text("text-unix-lines", "CR LF becomes LF.", "value.replace(chr(13) + chr(10), chr(10))"),
    _text("text-escapes-read", "A backslash and an n become a newline.",
          "value.replace(chr(92) + 'n', chr(10))"),
    _text("text-without-control", "Control characters are lost.",
          "''.join(c for c in value if ord(c) > 31)"),
    _text("text-unquoted", "Quotes around a text are lost.",
          "value[1:-1] if len(value) > 1 and value[0] == value[-1] == chr(34) else value"),
    _text("text-percent-decoded", "Percent escapes are decoded.",
          "__import__('urllib.parse').parse.unquote(value)"),
    _text("text-without-dashes", "Dashes before a text are lost.", "value.lstrip('-')"),
    Patch("null-refused", "A null in place of a text is refused.", "document.Fields.text",
          '        if value is None:\n            return ""\n',
          '        if value is None and name not in self.values:\n            return ""\n'),
    Patch("absent-port-console", "An absent port type is console.", "document._port_type",
          'fields.text(name) or "serial"', 'fields.text(name) or "console"'),
    Patch("names-in-any-case", "A text is found under its name in any case.",
          "document.Fields.text", "self.values.get(name)",
          "next((v for k, v in self.values.items() if k.lower() == name), None)"),
    Patch("absent-index-refused", "A disk must say its index.", "document.Fields.integer",
          "        if value is None:\n            return 0\n",
          "        if value is None and name != 'index':\n            return 0\n"),
    Constant("unknown-field-refused", "A field that is not known is refused.",
             "document.Fields.strict", value=True),
    Patch("integers-as-doubles", "Integers pass through a double.", "document._integer",
          "    low, high = bounds\n", "    value = int(float(value))\n    low, high = bounds\n"),
    Patch("index-beyond-2-53-refused", "Integers beyond 2^53 are refused.", "document._integer",
          "    low, high = bounds\n",
          "    low, high = max(bounds[0], -(2**53)), min(bounds[1], 2**53)\n"),
    Constant("vcpus-of-8-bits", "The number of vCPUs is a byte.", "document._UINT32", (0, 255)),
    Patch("kernel-params-unpaired", "A pair of nothing in the user's parameters is refused.",
          "document._param", "        case [str() as key, str() as text]:\n",
          "        case [str() as key, str() as text] if key or text:\n"),
    Patch("endpoint-names-swapped", "Name and address of an endpoint change places.",
          "arch.Arch.append_network", "endpoint.if_name, endpoint.hard_addr",
          "endpoint.hard_addr, endpoint.if_name"),
)  # fmt: skip
