"""Faults in the text that a device has in the argv."""

from miniatures.miniature import Patch

_AT = 'at = "@" if self.port_type is PortType.CONSOLE else ""'
_IS_CONSOLE = "self.port_type is PortType.CONSOLE"
_MAC = "mac={self.mac_address}"
_DISK = "virtio-blk,{self.file_path}"
_BRIDGE = 'return "-s", f"{slot}:{self.function},{self.emul}"\n'
_LPC = 'return "-s", f"{slot}:{self.function},{self.emul}", "-lcom1,stdio"'
_BARE = '            case _:\n                return ""'


def _device(name: str, what: str, method: str, old: str, new: str) -> Patch:
    return Patch(name, what, f"devices.{method}", old, new)


def _at(name: str, what: str, condition: str) -> Patch:
    return _device(name, what, "Console.params", _AT, f'at = "@" if {condition} else ""')


def _disk(name: str, what: str, expression: str) -> Patch:
    return _device(name, what, "Block.params", _DISK, f"virtio-blk,{{{expression}}}")


PATCHES = (
    _at("at-on-other", "A port of an invalid type has the @.",
        "self.port_type is not PortType.SERIAL"),
    _at("at-not-on-tty", "A tty has no @.", f'{_IS_CONSOLE} and self.backend != "tty"'),
    _at("at-not-when-bare", "A console without a backend's text has no @.",
        f"{_IS_CONSOLE} and self._backend_text()"),
    _at("at-not-on-slot-0", "A console on slot 0 has no @.", f"{_IS_CONSOLE} and slot"),
    _device("pty-with-path", "A pty's text has the path.", "Console._backend_text",
            '"pty:pty_port"',
            'f"pty:pty_port={self.path}"'),
    _device("socket-name-fixed", "Every socket has one name.", "Console._backend_text",
            "socket:{self.name}",
            "socket:socket_port"),
    _device("stdio-without-text", "The backend stdio has no text.", "Console._backend_text",
            'return "stdio:stdio_port"',
            'return ""'),
    _device("unknown-backend-as-socket", "An unknown backend has a socket's text.",
            "Console._backend_text",
            _BARE,
            '            case _:\n                return f"{self.backend}:{self.name}={self.path}"'
            ' if self.backend not in ("", "console") else ""'),
    _device("console-before-port", "Name and path of a socket change places.",
            "Console._backend_text", "{self.name}={self.path}", "{self.path}={self.name}"),
    _device("mac-in-small-letters", "A MAC address is written in small letters.", "Net.params",
            _MAC,
            "mac={self.mac_address.lower()}"),
    _device("mac-dashes-to-colons", "Dashes in a MAC address become colons.", "Net.params", _MAC,
            "mac={self.mac_address.replace('-', ':')}"),
    _device("mac-of-unknown-type", "A net of an unknown type has its MAC address.",
            "Net.params",
            "if self.net_type in _VALID_NET_TYPES:", "if self.mac_address:"),
    _device("macvtap-shown", "A macvtap's text has its type.", "Net.params",
            "{self.prefix}", "{'macvtap:' * (self.net_type == 'macvtap')}"),
    _disk("disk-comma-doubled", "A comma in a disk's path is doubled.",
          "self.file_path.replace(',', ',,')"),
    _disk("disk-path-normalised", "A disk's path is normalised.",
          "__import__('posixpath').normpath(self.file_path)"),
    _disk("disk-path-home", "A ~ in a disk's path becomes the home folder.",
          "__import__('os').path.expanduser(self.file_path)"),
    _disk("disk-path-variables", "Variables in a disk's path are replaced.",
          "__import__('os').path.expandvars(self.file_path)"),
    _disk("disk-path-quoted", "A disk's path is quoted for a shell.",
          "__import__('shlex').quote(self.file_path)"),
    _disk("placeholder-with-option", "The placeholder has an option behind it.",
          "self.file_path + ',ro' * (self.file_path == 'nodisk')"),
    _device("bridge-config-shown", "A bridge's text has its config.", "Bridge.params", _BRIDGE,
            'comma = self.config and ","\n'
            '        return "-s", f"{slot}:{self.function},{self.emul}{comma}{self.config}"\n'),
    _device("bridge-function-fixed", "A bridge's text has function 0 whatever is asked.",
            "Bridge.params",
            _BRIDGE,
            'return "-s", f"{slot}:0,{self.emul}"\n'),
    _device("lpc-two-tokens", "The LPC bus's UART takes two tokens.", "Lpc.params",
            '"-lcom1,stdio"',
            '"-l", "com1,stdio"'),
    _device("lpc-uart-first", "The UART stands before the LPC bus.", "Lpc.params", _LPC,
            'return "-lcom1,stdio", "-s", f"{slot}:{self.function},{self.emul}"'),
    _device("lpc-function-a-digit", "An LPC bus's text has the function modulo 8.", "Lpc.params",
            _LPC,
            'return "-s", f"{slot}:{self.function % 8},{self.emul}", "-lcom1,stdio"'),
)  # fmt: skip
