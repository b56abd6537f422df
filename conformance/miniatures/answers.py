"""Faults in results: token by token, and conjunctions that are rare."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from acrn_conformance.cases import (
    KATA_1,
    Fields,
    Request,
    config,
    given_devices,
    integer,
    mapping,
    text,
)
from acrn_conformance.invariants import block_slots, is_valid, tokens
from miniatures.miniature import Change, Result, Twist

_BUILT = ("argv", "sandbox_argv")
_FIELDS = {"device_params": "params"}


def _with_tokens(change: Callable[[Request, list[str]], Sequence[str]]) -> Change:
    """Change the tokens of whatever has them."""

    def changed(request: Request, result: Result) -> Result:
        field = _FIELDS.get(request.method, "argv")
        if request.method == "kernel_parameters" or field not in result:
            return result
        return {**result, field: list(change(request, tokens(result, field)))}

    return changed


def _each_token(change: Callable[[str], str]) -> Change:
    return _with_tokens(lambda _, argv: [change(token) for token in argv])


def _token(pattern: str, new: str) -> Change:
    """Replace in each token what matches."""
    return _each_token(lambda token: re.sub(pattern, new, token))


def _losing_last(condition: Callable[[Request, list[str]], object]) -> Change:
    """Lose the last token of an argv on a condition."""

    def lost(request: Request, argv: list[str]) -> Sequence[str]:
        built = request.method in _BUILT
        return argv[:-1] if built and condition(request, argv) else argv

    return _with_tokens(lost)


def _with_slots(change: Callable[[Request, Result, list[int]], Sequence[object]]) -> Change:
    """Change the block table of whatever has one."""

    def changed(request: Request, result: Result) -> Result:
        if "block_slots" not in result:
            return result
        return {**result, "block_slots": list(change(request, result, block_slots(result)))}

    return changed


def _without_entry(index: int, condition: Callable[[Request, list[str]], object]) -> Change:
    """Lose an entry of the block table on a condition."""

    def lost(request: Request, result: Result, slots: list[int]) -> Sequence[object]:
        if not condition(request, tokens(result)):
            return slots
        return [0 if n == index else slot for n, slot in enumerate(slots)]

    return _with_slots(lost)


def _items(field: str, change: Callable[[list[object]], list[object]]) -> Change:
    """Change an array of a result."""

    def changed(_: Request, result: Result) -> Result:
        items = result.get(field)
        return {**result, field: change(items)} if isinstance(items, list) else result

    return changed


def _each_device(change: Callable[[Fields], dict[str, object]]) -> Change:
    """Change fields of the devices in append_devices's result."""
    return _items(
        "devices",
        lambda devices: [{**device, **change(device)} for device in map(mapping, devices)],
    )


def _steps(request: Request) -> list[Fields]:
    steps = request.params.get("steps")
    return [mapping(step) for step in steps] if isinstance(steps, list) else []


def _disks(request: Request) -> list[Fields]:
    return [device for device in given_devices(request) if device.get("kind") == "block"]


def _follows(
    request: Request, first: Callable[[Fields], bool], second: Callable[[Fields], bool]
) -> bool:
    """Tell whether there are such devices side by side."""
    given = given_devices(request)
    return any(first(a) and second(b) for a, b in pairwise(given))


def _placed(argv: list[str]) -> int:
    return argv.count("-s")


def _kernel(request: Request) -> str:
    return text(mapping(config(request).get("kernel")), "path")


def _named(request: Request) -> str:
    return text(config(request), "name")


TWISTS: Sequence[Twist] = (
    Twist("argv-by-blanks", "The argv is joined and split again at blanks.",
          _with_tokens(lambda _, argv: " ".join(argv).split(" "))),
    Twist("argv-without-repeats", "A token that was there before is lost.",
          _with_tokens(lambda _, argv: list(dict.fromkeys(argv)))),
    Twist("tokens-in-ascii", "What is no ASCII is escaped.",
          _each_token(lambda t: t.encode("ascii", "backslashreplace").decode())),
    Twist("tokens-of-4096", "Tokens are cut at 4,096 characters.", _each_token(lambda t: t[:4096])),
    Twist("tokens-single-blanks", "Several blanks become one.", _token("  +", " ")),
    Twist("tokens-backslash-doubled", "Backslashes are doubled.", _token(r"\\", r"\\\\")),
    Twist("tokens-without-braces", "Empty braces are lost, as from a format.", _token(r"\{\}", "")),
    Twist("tokens-u2028-escaped", "A line separator is written as an escape of six characters.",
          _token("\u2028", r"\\u2028")),
    Twist("mac-in-capitals", "A MAC address is written in capitals.",
          _each_token(lambda t: re.sub("mac=.*", lambda m: "mac=" + m[0][4:].upper(), t))),
    Twist("device-33-lost", "The last token is lost of an argv with just 33 devices.",
          _losing_last(lambda _, argv: _placed(argv) == 33)),
    Twist("uuid-without-devices", "The last token is lost of an argv with a UUID and no device.",
          _losing_last(lambda _, argv: not _placed(argv) and "-U" in argv)),
    Twist("name-with-dash-lost", "A name that begins with - is lost.",
          _losing_last(lambda r, _: _named(r).startswith("-"))),
    Twist("name-with-equals-lost", "A name with = in it is lost.",
          _losing_last(lambda r, _: "=" in _named(r))),
    Twist("name-of-a-kernel-lost", "A name that is the kernel's path too is lost.",
          _losing_last(lambda r, _: _named(r) and _named(r) == _kernel(r))),
    Twist("index-8-with-comma", "A disk with index 8 and a comma in its path has no entry.",
          _without_entry(8, lambda r, _: any(
              integer(disk, "index") == 8 and "," in text(disk, "file_path")
              for disk in _disks(r)))),
    Twist("drive-8-with-comma", "A sandbox's drive with index 8 and a comma in it has no entry.",
          _without_entry(8, lambda r, _: any(
              integer(step, "index") == 8 and "," in text(step, "file") for step in _steps(r)))),
    Twist("index-3-twice", "Of two disks with index 3 side by side neither has an entry.",
          _without_entry(3, lambda r, _: any(
              integer(a, "index") == integer(b, "index") == 3
              for a, b in pairwise(_disks(r))))),
    Twist("index-5-behind-lpc", "A disk with index 5 right behind an LPC bus has no entry.",
          _without_entry(5, lambda r, _: _follows(
              r, lambda a: a.get("kind") == "lpc" and is_valid(KATA_1, a),
              lambda b: b.get("kind") == "block" and integer(b, "index") == 5))),
    Twist("table-lost-beyond-12", "The table is empty for more than 12 devices.",
          _with_slots(lambda r, result, slots: [0] * 9 if r.method == "argv" and
                      _placed(tokens(result)) > 12 else slots)),
    Twist("table-names-slot-2", "The table says 2 where the disk is on slot 3.",
          _with_slots(lambda _r, _a, slots: [2 if slot == 3 else slot for slot in slots])),
    Twist("table-of-bytes", "An entry of the table is a signed byte.",
          _with_slots(lambda _r, _a, slots: [(slot + 128) % 256 - 128 for slot in slots])),
    Twist("table-of-5-bits", "An entry of the table has five bits.",
          _with_slots(lambda _r, _a, slots: [slot % 32 for slot in slots])),
    Twist("table-ends-early", "Entries at the end without a disk are left out.",
          _with_slots(lambda _r, _a, slots: slots[: max(
              (n for n, slot in enumerate(slots, 1) if slot), default=0)])),
    Twist("table-of-invalid-disk-lost", "`device_params` has no table for a disk without a path.",
          lambda r, result: {**result, "block_slots": [0] * 9} if r.method == "device_params"
          and not is_valid(KATA_1, mapping(r.params.get("device"))) else result),
    Twist("params-off-slot-2", "`device_params` puts a device for slot 2 on slot 3.",
          lambda r, result: _token("^2([,:])", r"3\1")(r, result)
          if r.method == "device_params" else result),
    Twist("tty-at-lost-behind-0", "A console port on a tty has no @ but on slot 0.",
          _token(r"^([1-9]\d*,virtio-console,)@tty", r"\1tty")),
    Twist("lpc-on-31", "An LPC bus on slot 31 is put on slot 32.", _token("^31:0,lpc", "32:0,lpc")),
    Twist("net-with-comma-on-4", "The MAC address of a net with a comma in it is lost on slot 4.",
          _token("^(4,virtio-net,.*,.*),mac=.*", r"\1")),
    Twist("macvtap-without-console", "A sandbox with a macvtap and without a console has no name.",
          _losing_last(lambda r, _: r.method == "sandbox_argv" and not
                       text(r.params, "console_path") and any(
                           text(step, "endpoint") == "macvtap" for step in _steps(r)))),
    Twist("debug-with-user-params", "Debugging and the user's parameters leave a blank at the end.",
          lambda r, result: _token("^(tsc=.*)$", r"\1 ")(r, result)
          if r.params.get("debug") and r.params.get("kernel_params") else result),
    Twist("vcpus-with-debug", "Debugging with a single vCPU loses a sandbox's name.",
          _losing_last(lambda r, _: r.params.get("debug") and r.params.get("max_vcpus") == 1)),
    Twist("memory-without-name", "Memory and a kernel, but no UUID and no name, cost a token.",
          _losing_last(lambda r, argv: r.method == "argv" and not _named(r) and "-m" in argv
                       and "-k" in argv and "-U" not in argv and "-A" in argv)),
    Twist("three-of-a-kind", "Three nets side by side cost the last token.",
          _losing_last(lambda _, argv: re.search(
              "(virtio-net[^\0]*\0-s\0\\d+,){2}virtio-net", "\0".join(argv)))),
    Twist("config-of-bridge-lost", "`append_devices` loses a bridge's config.",
          _each_device(lambda d: {"config": ""} if "config" in d else {})),
    Twist("port-other-as-serial", "`append_devices` makes an invalid port type serial.",
          _each_device(lambda d: {"port_type": "serial"} if d.get("port_type") == "other" else {})),
    Twist("negative-index-as-0", "`append_devices` makes a negative index 0.",
          _each_device(lambda d: {"index": 0} if integer(d, "index") < 0 else {})),
    Twist("path-of-pty-lost", "`append_devices` loses the path of a console on a pty.",
          _each_device(lambda d: {"path": ""} if d.get("backend") == "pty" else {})),
    Twist("devices-to-32", "`append_devices` gives 32 devices at most.",
          _items("devices", lambda devices: devices[:32])),
    Twist("flags-lost", "`kernel_parameters` loses keys without a value.",
          _items("params", lambda pairs: [p for p in pairs if not isinstance(p, list) or p[1]])),
    Twist("rescan-off-slot-2", "A rescan of slot 2 names slot 3.",
          lambda r, result: _token("^2,", "3,")(r, result)
          if r.method == "block_rescan" else result),
    Twist("rescan-comma-splits", "A rescan's last token is split at its last comma.",
          lambda r, result: _with_tokens(lambda _, argv: [*argv[:2], *argv[2].rsplit(",", 1)])(
              r, result) if r.method == "block_rescan" else result),
)  # fmt: skip
