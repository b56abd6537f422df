"""GNU getopt as acrn-dm uses it: permutation, joined values, abbreviations."""

import pytest
from acrn_dm_verdicts import PLAIN, accepting, command, fault, placeless, releases

from acrn_dm import RECORDING, RELEASES, Fault, parse, read


@pytest.mark.parametrize(
    "argv",
    [
        ("vm1", "-m", "512M", "-lcom1,stdio", "-k", "/k"),
        ("-m512M", "vm1", "-l", "com1,stdio", "-k/k"),
        ("--memsize=512M", "--lpc", "com1,stdio", "--kernel=/k", "--", "vm1"),
        ("--mem", "512M", "--lp=com1,stdio", "--k", "/k", "vm1"),
    ],
)
def test_the_same_command_line_can_be_written_in_many_ways(argv: tuple[str, ...]) -> None:
    """The name anywhere, values joined or apart, long names cut short: one command."""
    usual = command("-m", "512M", "-lcom1,stdio", "-k", "/k", "vm1")
    assert placeless(command(*argv)) == placeless(usual)


def test_options_in_a_cluster_are_options_of_their_own() -> None:
    """``-AYm512M`` is three options; the last takes the rest."""
    given = command("-AYm512M", "-k", "/k", "vm1", release="v2.6").options
    assert [option.name for option in given] == ["acpi", "mptgen", "memsize", "kernel"]
    assert given[2].value == "512M"


def test_a_cluster_is_read_on_behind_a_bad_letter() -> None:
    """As getopt does; what follows is a consequence, and told no more."""
    reading = read(["-Z?s3,lpc", "vm"], "v3.3", RECORDING)
    assert [(given.name, given.value) for given in reading.given] == [("pci_slot", "3,lpc")]
    assert [each.message for each in reading.faults if each.token == 0] == [
        "acrn-dm: invalid option -- 'Z'"
    ]
    gone = read(["-Zc3", "-c", "4", "vm"], "v3.3", RECORDING)
    assert gone.given == ()
    assert gone.command.name == "vm"


def test_an_inner_blank_belongs_to_the_value() -> None:
    """``"-l com1,stdio"`` as one token is refused in every release."""
    assert accepting("-l com1,stdio") == []
    verdict = fault("-l com1,stdio", *PLAIN)
    assert verdict.message == "acrn-dm: invalid lpc device configuration ' com1,stdio'"
    assert verdict.token == 0


def test_an_option_takes_the_next_token_whatever_it_is() -> None:
    """``-B`` in front of the name swallows it."""
    verdict = fault("-k", "/k", "-B", "vm1")
    assert "You must provide the name" in verdict.message
    assert fault("-k", "/k", "vm1", "-m", "-A").message == "acrn-dm: invalid memsize '-A'"


def test_an_option_at_the_end_misses_its_value() -> None:
    """Short and long, in glibc's words."""
    assert (
        fault("vm1", "-s", release="v2.6").message == "acrn-dm: option requires an argument -- 's'"
    )
    text = "acrn-dm: option '--kernel' requires an argument"
    assert fault("vm1", "--kern", release="v2.6").message == text


def test_a_name_that_starts_with_a_dash_needs_the_double_dash() -> None:
    """A lone ``-`` is a name."""
    assert command("-k", "/k", "--", "-x").name == "-x"
    assert fault("-k", "/k", "-x").message == "acrn-dm: invalid option -- 'x'"
    assert command("-k", "/k", "-").name == "-"
    assert fault("-k", "/k", "--", "-x", "--").usage


def test_an_abbreviation_is_taken_where_it_fits_one_option() -> None:
    """``--virtio_msi`` is one of ``--virtio_msix`` before v3.0, and an option from there on."""
    assert accepting("--virtio_msi") == list(RELEASES)
    option = "--virtio_msix"
    text = f"acrn-dm: option '{option}' doesn't allow an argument"
    assert fault("--virtio_msi=x", *PLAIN, release="v2.7").message == text
    assert accepting("--acpi") == list(RELEASES)


@pytest.mark.parametrize(
    ("release", "token", "possibilities"),
    [
        ("v1.0", "--virtio", "'--virtio_msix' '--virtio_poll'"),
        ("v3.0", "--virtio", "'--virtio_poll' '--virtio_msi'"),
        ("v1.0", "--l", "'--lpc' '--lapic_pt'"),
        ("v1.1", "--l", "'--lpc' '--lapic_pt' '--logger_setting'"),
        ("v3.3", "--pm=x", "'--pm_notify_channel' '--pm_by_vuart'"),
    ],
)
def test_an_ambiguous_abbreviation_lists_the_possibilities(
    release: str, token: str, possibilities: str
) -> None:
    """In the order of acrn-dm's own table."""
    verdict = fault(token, *PLAIN, release=release)
    text = f"acrn-dm: option '{token}' is ambiguous; possibilities: {possibilities}"
    assert (verdict.message, verdict.usage, verdict.exit) == (text, True, 1)


def test_an_unknown_long_option_is_quoted_whole() -> None:
    """With the value that is joined to it."""
    text = "acrn-dm: unrecognized option '--psram=4'"
    assert fault("--psram=4", *PLAIN, release="v2.5").message == text
    text = "acrn-dm: option '--psram' doesn't allow an argument"
    assert fault("--psram=4", *PLAIN, release="v2.3").message == text


def test_a_flag_leaves_the_next_token_alone() -> None:
    """``--ssram 4`` is an option and a second name until it takes a value in v3.0."""
    for release in ("v2.5", "v2.7"):
        assert fault("--ssram", "4", *PLAIN, release=release).usage
    assert fault("--ssram", "4", *PLAIN, release="v3.0").exit == 64


def test_the_first_fault_in_the_order_of_the_tokens_is_the_one_met() -> None:
    """Not that of the order in which people think of them."""
    first = parse(("-m", "1T", "-s", "99,lpc", "vm1"), "v3.3", RECORDING)
    second = parse(("-s", "99,lpc", "-m", "1T", "vm1"), "v3.3", RECORDING)
    assert isinstance(first, Fault)
    assert isinstance(second, Fault)
    assert (first.token, first.exit) == (1, 64)
    assert (second.token, second.exit) == (1, 1)


def test_letters_are_those_of_the_release() -> None:
    """``-c`` to v1.3, ``-W`` to v2.7, ``-Z`` never."""
    assert accepting("-c2") == releases(last="v1.3")
    assert accepting("-W") == releases(last="v2.7")
    assert accepting("-Z") == []
