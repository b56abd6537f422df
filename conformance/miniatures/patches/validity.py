"""Faults in which devices are valid."""

from miniatures.miniature import Constant, Patch

_BACKENDS = '{"tty", "pty", "console", "socket", "file"}'
_PATH = '            and self.path != ""\n'
_NET = "return self.net_type in _VALID_NET_TYPES"
_FILE = 'return self.file_path != ""'
_FUNCTION = "return self.function == 0 and"
_EMUL = 'and self.emul == "hostbridge"'
_LPC = 'return self.emul == "lpc"'


def _device(name: str, what: str, device: str, old: str, new: str) -> Patch:
    return Patch(name, what, f"devices.{device}.valid", old, new)


PATCHES = (
    Constant(
        "backend-console-invalid",
        "A console on backend `console` is invalid.",
        "devices._VALID_BACKENDS",
        frozenset({"tty", "pty", "socket", "file"}),
    ),
    Constant(
        "backend-stdio-valid",
        "A console on backend `stdio` is valid.",
        "devices._VALID_BACKENDS",
        frozenset({"tty", "pty", "console", "socket", "file", "stdio"}),
    ),
    _device(
        "backend-in-capitals",
        "Backends are compared without regard to case.",
        "Console",
        "self.backend in _VALID",
        "self.backend.lower() in _VALID",
    ),
    _device("console-without-path", "A console needs no path.", "Console", _PATH, ""),
    _device(
        "pty-without-path",
        "A console on a pty needs no path.",
        "Console",
        _PATH,
        '            and (self.path != "" or self.backend == "pty")\n',
    ),
    _device(
        "socket-needs-a-name",
        "A console on a socket needs a name.",
        "Console",
        _PATH,
        _PATH + '            and (self.name or self.backend) != "socket"\n',
    ),
    _device(
        "tty-needs-a-device",
        "A console on a tty needs a path below /dev.",
        "Console",
        _PATH,
        _PATH + '            and (self.backend != "tty" or self.path.startswith("/dev/"))\n',
    ),
    _device(
        "net-without-mac", "A net needs no MAC address.", "Net", ' and self.mac_address != ""', ""
    ),
    _device(
        "macvtap-without-mac",
        "A net of type macvtap needs no MAC address.",
        "Net",
        ' and self.mac_address != ""',
        ' and (self.mac_address or self.net_type) not in ("", "tap")',
    ),
    _device(
        "interface-of-16",
        "An interface name of 16 characters or more makes a net invalid.",
        "Net",
        _NET,
        "return len(self.if_name) < 16 and self.net_type in _VALID_NET_TYPES",
    ),
    _device(
        "disk-path-of-blanks",
        "A disk with a path of blanks is invalid.",
        "Block",
        _FILE,
        'return self.file_path.strip() != ""',
    ),
    _device(
        "placeholder-invalid",
        "The placeholder `nodisk` is an invalid disk.",
        "Block",
        _FILE,
        'return self.file_path not in ("", "nodisk")',
    ),
    _device(
        "disk-beyond-table-invalid",
        "A disk with an index beyond the table is invalid.",
        "Block",
        _FILE,
        'return self.file_path != "" and self.index <= 8',
    ),
    _device(
        "disk-must-exist",
        "A disk is valid if its file exists.",
        "Block",
        _FILE,
        "return __import__('os.path').path.exists(self.file_path.replace(chr(0), ''))",
    ),
    _device(
        "bridge-function-a-byte",
        "A bridge's function is looked at as a byte.",
        "Bridge",
        _FUNCTION,
        "return self.function % 256 == 0 and",
    ),
    _device(
        "bridge-emulation-prefix",
        "A bridge's emulation need only begin with hostbridge.",
        "Bridge",
        _EMUL,
        'and self.emul.startswith("hostbridge")',
    ),
    _device(
        "bridge-with-config-invalid",
        "A bridge with a config is invalid.",
        "Bridge",
        _EMUL,
        _EMUL + ' and self.config == ""',
    ),
    _device(
        "lpc-function-to-7",
        "An LPC bus must have a function from 0 to 7.",
        "Lpc",
        _LPC,
        _LPC + " and 0 <= self.function <= 7",
    ),
    _device(
        "lpc-with-blanks",
        "Blanks around an LPC bus's emulation do no harm.",
        "Lpc",
        _LPC,
        'return self.emul.strip() == "lpc"',
    ),
)
