"""Cases of `append_devices` on network endpoints: kinds, models and addresses."""

from collections.abc import Iterator
from itertools import product

from catalogue.build import (
    MAC,
    OTHER_MACS,
    OTHER_MODEL_RULE,
    append_entry,
    bridge,
    drive_step,
    lpc,
    network_step,
)
from catalogue.entry import Entry


def _networks() -> Iterator[Entry]:
    for endpoint, model in product(
        ("veth", "macvtap", "physical"), ("default", "macvtap", "tcfilter", "none")
    ):
        kind = {
            "veth": "a macvtap" if model == "macvtap" else "a tap",
            "macvtap": "a macvtap",
            "physical": "nothing, or is refused",
        }[endpoint]
        rule = "unsupported" if endpoint == "physical" else endpoint
        macvtap = endpoint == "macvtap"
        yield append_entry(
            f"network-{endpoint}-{'model-' if macvtap else ''}{model}",
            f"An endpoint {endpoint} with the model {model} gives {kind}.",
            f"append-network-{rule}",
            [bridge()],
            network_step(endpoint, model, "eth0", MAC if macvtap else OTHER_MACS["upper-case"]),
        )
    for name, endpoint in (
        ("bridge", "bridge"),
        ("empty", ""),
        ("upper-case", "VETH"),
        ("upper-case-macvtap", "MACVTAP"),
        ("blank-after", "veth "),
    ):
        yield append_entry(
            f"network-endpoint-{name}",
            f"The unsupported endpoint {endpoint!r} gives no device, or is refused.",
            "append-network-unsupported",
            [lpc()],
            network_step(endpoint, "macvtap"),
            drive_step(),
        )
    for name, model in (
        ("enlightened", "enlightened"),
        ("empty", ""),
        ("upper-case", "MACVTAP"),
        ("blanks", " macvtap "),
    ):
        yield append_entry(
            f"network-veth-model-{name}",
            f"A veth with the model {model!r} gives a tap, or is refused.",
            OTHER_MODEL_RULE,
            [],
            network_step("veth", model),
        )
    for name, address in OTHER_MACS.items():
        yield append_entry(
            f"network-macvtap-address-{name}",
            f"The address {address!r} of a macvtap is kept, written in its form, or refused.",
            "macvtap-address",
            [],
            network_step("macvtap", "none", "eth0", address),
        )
    for endpoint in ("veth", "macvtap"):
        yield append_entry(
            f"network-{endpoint}-without-texts",
            f"A {endpoint} without name or address is added, though it will not be valid.",
            f"append-network-{endpoint}",
            [],
            network_step(endpoint, "none", "eth0", ""),
            network_step(endpoint, "none", "", MAC),
            network_step(endpoint, "none", "", ""),
        )


ENTRIES = (*_networks(),)
