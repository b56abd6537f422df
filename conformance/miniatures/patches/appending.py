"""Faults in what the arch object appends to the devices."""

from miniatures.miniature import Patch

_BRIDGE = 'return (*devices, Bridge(0, "hostbridge"))'
_CONSOLE = 'return (*devices, Console("console0", "socket", PortType.CONSOLE, path))'
_SOCKET = 'return (*devices, Console(name, "socket", PortType.SERIAL, host_path))'
_MISSING = "raise MissingImageError(path) from None"
_NET = "        return (*devices, self.dialect.net(net_type, endpoint.if_name, endpoint.hard_addr))"
_MODEL = 'if endpoint.model == "macvtap"'
_MACVTAP = '            case "macvtap":\n                net_type = "macvtap"'
_DRIVE = "return (*devices, Block(file, index)) if file else devices"


def _arch(name: str, what: str, method: str, old: str, new: str) -> Patch:
    return Patch(name, what, f"arch.Arch.{method}", old, new)


PATCHES = (
    _arch("bridge-once", "A second host bridge is not appended.", "append_bridges", _BRIDGE,
          _BRIDGE.replace("*devices, Bridge", "*devices, *[]) if Bridge(0, 'hostbridge') in devices"
                          " else (*devices, Bridge")),
    _arch("bridge-drops-invalid", "Appending a bridge drops what is invalid.", "append_bridges",
          _BRIDGE,
          'return (*(device for device in devices if device.valid()), Bridge(0, "hostbridge"))'),
    _arch("bridge-config-set", "The host bridge that is appended has a config.", "append_bridges",
          _BRIDGE,
          'return (*devices, Bridge(0, "hostbridge", "host"))'),
    _arch("console-counted", "Further consoles are counted up.", "append_console",
          'Console("console0",',
          'Console(f"console{sum(isinstance(device, Console) for device in devices)}",'),
    _arch("console-needs-path", "A console without a path is not appended.", "append_console",
          _CONSOLE,
          f"{_CONSOLE} if path else devices"),
    _arch("socket-once", "An equal socket is not appended again.", "append_socket", _SOCKET,
          f'{_SOCKET} if Console(name, "socket", PortType.SERIAL, host_path) not in devices '
          "else devices"),
    _arch("socket-replaces-name", "A socket replaces one with its name.", "append_socket", _SOCKET,
          "return (*(device for device in devices if getattr(device, 'name', None) != name), "
          'Console(name, "socket", PortType.SERIAL, host_path))'),
    _arch("image-not-looked-for", "A missing image is not refused.", "append_image",
          _MISSING, "pass"),
    _arch("image-must-be-readable", "Any trouble in looking for the image is a refusal.",
          "append_image", "        except (OSError, ValueError):\n            pass",
          "        except (OSError, ValueError):\n"
          "            raise MissingImageError(path) from None"),
    _arch("image-a-file-only", "An image that is no regular file is refused.",
          "append_image", "            os.stat(path.encode())",
          "            if os.path.isdir(path):\n                raise FileNotFoundError\n"
          "            os.stat(path.encode())"),
    _arch("image-without-blanks", "An image is looked for without blanks around its path.",
          "append_image", "os.stat(path.encode())", "os.stat(path.strip().encode())"),
    _arch("veth-default-macvtap", "A veth of the default model is a macvtap.", "append_network",
          _MODEL,
          'if endpoint.model in ("macvtap", "default")'),
    _arch("macvtap-by-model", "A macvtap of another model is a tap.", "append_network", _MACVTAP,
          '            case "macvtap":\n'
          '                net_type = "tap" if endpoint.model == "tcfilter" else "macvtap"'),
    _arch("endpoint-in-capitals", "Endpoints are compared without regard to case.",
          "append_network", "match endpoint.endpoint:", "match endpoint.endpoint.lower():"),
    _arch("unsupported-ends-the-list", "An unsupported endpoint takes away what is before it.",
          "append_network", "                return devices\n", "                return ()\n"),
    _arch("net-mac-once", "An address that is there already adds nothing.", "append_network", _NET,
          "        if any(isinstance(device, self.dialect.net) and "
          "device.mac_address == endpoint.hard_addr "
          f"for device in devices):\n            return devices\n{_NET}"),
    _arch("drive-without-file", "A drive without a file is appended.", "append_block_device",
          "if file else devices",
          "if True else devices"),
    _arch("drive-negative-left-out", "A drive with a negative index is left out.",
          "append_block_device", "if file else devices", "if file and index >= 0 else devices"),
    _arch("drive-replaces-index", "A drive replaces one with its index.", "append_block_device",
          _DRIVE,
          "return (*(device for device in devices if getattr(device, 'index', None) != index), "
          "Block(file, index)) if file else devices"),
)  # fmt: skip
