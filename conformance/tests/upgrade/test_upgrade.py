"""What becomes of each part of a line that is to do in a newer release what it did in an older."""

import re

import pytest

from acrn_cmdline.lint import NAMED
from acrn_cmdline.source import Argv, Hole, Place
from acrn_cmdline.upgrade import Upgrade, likely_source, upgrade

WHERE = Place("a test")
CPU = ("--cpu_affinity", "0")
BOOT = ("-k", "/k", "vm")


def upgraded(*words: str, source: str = "v2.6", target: str = "v3.3") -> Upgrade:
    return upgrade(Argv.known(WHERE, words), source, target, NAMED, "0")


def told(done: Upgrade) -> str:
    return " ".join(reason for change in done.changes for reason in change.reasons)


@pytest.mark.parametrize(
    ("given", "becomes", "source"),
    [
        ("-A", "", "v2.7"),
        ("-AY", "", "v2.7"),
        ("-U d2795438-25d6-11e8-864e-cb7a18b34643", "", "v2.6"),
        ("--uuid=d2795438-25d6-11e8-864e-cb7a18b34643", "", "v2.6"),
        ("-c 2", "", "v1.3"),
        ("-i /run/ioc,0x20", "", "v2.7"),
        ("--part_info /p", "", "v2.7"),
        ("-W", "--virtio_msi", "v2.7"),
        ("--virtio_ms", "--virtio_msi", "v2.7"),
        ("-s 2,pci-gvt -G 1", "-s 2,pci-gvt -G 1", "v3.3"),
        ("-s 5,virtio-hdcp", "", "v2.7"),
        ("-s 5,npk,8/24", "", "v2.7"),
        ("-s 5,virtio-coreu", "", "v2.7"),
        ("-s 4,virtio-net,tap0", "-s 4,virtio-net,tap=tap0", "v1.0"),
        ("-s4,virtio-net,my_tap", "-s4,virtio-net,tap=my_tap", "v2.7"),
        ("-s 4,virtio-net,eth0", "-s 4,virtio-net,eth0", "v2.7"),
        ("-s 4,virtio-net,tap=a", "-s 4,virtio-net,tap=a", "v3.0"),
        ("-s 4,virtio-net,tap=a", "-s 4,virtio-net,tap=tap=a", "v2.7"),
        (
            "--mac_seed x -s 4,virtio-net,tap0",
            "-s 4,virtio-net,tap=tap0,mac_seed=x",
            "v2.7",
        ),
        (
            "--mac_seed x -s 4,virtio-net,tap0,mac=00:16:3e:00:00:01",
            "-s 4,virtio-net,tap=tap0,mac=00:16:3e:00:00:01",
            "v2.7",
        ),
        (
            "--mac_seed x -s 4,virtio-net,tap0 -s 5,virtio-net,tap1,vhost",
            "-s 4,virtio-net,tap=tap0,mac_seed=x -s 5,virtio-net,tap=tap1,mac_seed=x,vhost",
            "v2.7",
        ),
        ("--mac_seed x -s 4,virtio-net,eth0", "-s 4,virtio-net,eth0", "v2.7"),
        ("-m 129M", "-m 130M", "v2.7"),
        ("-m 1048577K", "-m 1026M", "v2.7"),
        ("-m 1000M", "-m 1000M", "v2.7"),
        ("--lapic_pt", "--rtvm --lapic_pt", "v2.7"),
        ("--lapic_pt --rtvm", "--lapic_pt --rtvm", "v2.7"),
        ("-s 2,passthru,0/2/0,gpu", "-s 2,passthru,0/2/0", "v2.6"),
        ("-s 6,passthru,2/0/0,reset", "-s 6,passthru,2/0/0", "v1.4"),
        ("-s 6,passthru,2/0/0,no_reset", "-s 6,passthru,2/0/0,no_reset", "v2.0"),
        ("-s 6,passthru,2/0/0 --ptdev_no_reset", "-s 6,passthru,2/0/0,no_reset", "v1.4"),
        ("-s 6,ivshmem,/shm,4194304", "-s 6,ivshmem,dm:/shm,4", "v2.0"),
        ("-s 6,ivshmem,dm:/shm,2", "-s 6,ivshmem,dm:/shm,2", "v2.6"),
        ("-s 3,virtio-blk,b,/d", "-s 3,virtio-blk,/d", "v2.7"),
        ("-s 3,virtio-blk,mq.img", "-s 3,virtio-blk,./mq.img", "v3.2"),
        ("-s 3,virtio-blk,nodisk", "-s 3,virtio-blk,nodisk", "v2.7"),
        ("--pm_notify_channel power_button", "--pm_notify_channel power_button", "v2.7"),
        ("-s 3,virtio-console,stdio,@pty", "-s 3,virtio-console,stdio:port0,@pty:port1", "v1.1"),
        ("-s 3,virtio-console,pty:a,tty", "-s 3,virtio-console,pty:a", "v1.0"),
        ("-s 3,virtio-console,socket", "", "v1.0"),
        ("-Y -s 1:9:0,virtio-rnd", "-s 9,virtio-rnd", "v2.7"),
        ("-s 1:9:0,virtio-rnd", "-s 9,virtio-rnd", "v2.0"),
        ("--pm_notify_channel power_button2", "--pm_notify_channel power_button", "v2.4"),
        ("--pm_notify_channel UART", "", "v2.4"),
        (
            "--pm_notify_channel uart --pm_by_vuart pty,/run/x -s 1:0,lpc -l com2,/run/x",
            "-s 1:0,lpc",
            "v2.7",
        ),
        (
            "--pm_notify_channel uart --pm_by_vuart tty,/dev/ttyS1 -s 1:0,lpc -l com1,stdio",
            "-s 1:0,lpc -l com1,stdio",
            "v2.7",
        ),
    ],
)
def test_an_option_becomes_what_does_the_same(given: str, becomes: str, source: str) -> None:
    """Renamed, said otherwise, or left out; what needs no change is left alone."""
    done = upgraded(*given.split(), *CPU * (source >= "v3"), *BOOT, source=source)
    assert not done.blockers or source == "v3.3", done.blockers
    written = [word for word in done.argv.tokens if word not in CPU]
    assert written == [*becomes.split(), *BOOT]


def test_devices_of_another_bus_move_to_free_slots_of_bus_0() -> None:
    """To their own number if it is free, the functions of a slot together, and it is told."""
    given = "-s 9,virtio-rnd -s 1:9:0,virtio-rnd -s 1:9:1,virtio-net,tap0 -s 2:3,lpc -s 3:4:2,uart"
    done = upgraded("-Y", *given.split(), *BOOT, source="v2.7")
    assert done.succeeded
    moved = "-s 9,virtio-rnd -s 3,virtio-rnd -s 3:1,virtio-net,tap=tap0 -s 2:3,lpc -s 4:2,uart"
    assert done.argv.tokens == (*CPU, *moved.split(), *BOOT)
    assert any("the place 1:9:1 of virtio-net" in text for text in done.lost)
    assert any(text.endswith("it is on slot 4:2") for text in done.lost)


def test_devices_of_another_bus_stay_where_bus_0_is_full() -> None:
    """That is in the way of the upgrade, and said."""
    full = [word for slot in range(32) for word in ("-s", f"{slot},dummy")]
    done = upgraded("-Y", *full, "-s", "1:3:0,dummy", *BOOT, source="v2.7")
    assert [each.rule for each in done.blockers] == ["bus-beyond-0"]


def test_devices_of_another_bus_stay_where_the_target_takes_them() -> None:
    """Up to v2.7 a guest with -Y may have several buses."""
    line = ("-Y", "-s", "1:3:0,dummy", *BOOT)
    assert upgraded(*line, source="v2.0", target="v2.7").argv.tokens == line


def test_firmware_in_the_place_of_vsbl_is_a_hole() -> None:
    """Where nothing else boots; what it boots besides an EFI loader is told as lost."""
    done = upgraded("--vsbl", "/v", "vm", source="v2.7")
    assert done.succeeded
    assert done.argv.tokens == (*CPU, "--ovmf", "$firmware", "vm")
    assert any("OVMF boots a disk that holds an EFI boot loader" in text for text in done.lost)
    other = upgraded("--vsbl", "/v", *BOOT, source="v2.7")
    assert other.argv.tokens == (*CPU, *BOOT)


def test_processors_that_are_none_are_said_anew() -> None:
    """v2.7 with -A reads a list that names none as refused."""
    done = upgraded("-A", "--cpu_affinity=x", *BOOT, source="v2.0", target="v2.7")
    assert done.argv.tokens == ("-A", "--cpu_affinity=0", *BOOT)


def test_letters_that_share_a_token_part() -> None:
    """What stays of them stays together."""
    done = upgraded("-AYm", "512M", "-WYk/k", "vm", source="v2.7")
    assert done.argv.tokens == (*CPU, "-m", "512M", "--virtio_msi", "-k/k", "vm")


@pytest.mark.parametrize(
    ("source", "target", "given", "added"),
    [
        ("v2.6", "v3.0", "", True),
        ("v2.6", "v2.7", "-A", True),
        ("v2.6", "v2.7", "", False),
        ("v1.4", "v2.6", "-A", False),
    ],
)
def test_processors_are_named_where_they_must_be(
    *, source: str, target: str, given: str, added: bool
) -> None:
    """From v3.0 on, and in v2.7 with -A; nowhere else."""
    done = upgraded(*given.split(), *BOOT, source=source, target=target)
    assert done.succeeded
    assert ("--cpu_affinity" in done.argv.tokens) == added


def test_processors_that_nobody_named_are_a_hole() -> None:
    """It has a name, and the line is judged as if it were filled."""
    done = upgrade(Argv.known(WHERE, BOOT), "v2.6", "v3.3", NAMED)
    assert done.succeeded
    assert done.argv.tokens == ("--cpu_affinity", "$cpus", *BOOT)
    assert done.argv.holes == {1: (Hole(0, 5, "cpus"),)}


def test_cpus_are_not_taken_for_apic_ids() -> None:
    """Which local APIC ids the CPUs have is the board's, and the line does not tell."""
    line = Argv.known(WHERE, ("--cpu_affinity", "2-3", *BOOT))
    assert upgrade(line, "v2.7", "v3.3", NAMED).argv.tokens[1] == "$cpus"
    assert upgrade(line, "v2.7", "v3.3", NAMED, "4,6").argv.tokens[1] == "4,6"
    assert "cannot be told from the CPUs 2-3" in told(upgrade(line, "v2.7", "v3.3", NAMED))
    same = Argv.known(WHERE, ("--cpu_affinity", "2,3", *BOOT))
    assert upgrade(same, "v2.0", "v2.7", NAMED).argv.tokens == same.tokens
    assert upgrade(same, "v3.0", "v3.3", NAMED).argv.tokens == same.tokens


def test_software_ram_needs_its_regions_said() -> None:
    """--psram became --ssram, which from v3.0 on has a value that only the board's user knows."""
    assert upgraded("--psram", *BOOT, source="v2.4", target="v2.7").argv.tokens[0] == "--ssram"
    done = upgraded("--psram", *BOOT, source="v2.4")
    assert done.argv.tokens[2:4] == ("--ssram", "$regions")
    assert done.succeeded


@pytest.mark.parametrize(
    ("name", "target", "beginning"),
    [
        ("sandbox-" + "0123456789abcdef" * 4, "v3.3", "sandbox"),
        ("a_name_of_16_byt", "v2.7", "a_name_o"),
        ("\u00e4" * 9, "v3.3", "\u00e4" * 4),
    ],
)
def test_a_name_is_shortened_to_what_the_target_takes(
    name: str, target: str, beginning: str
) -> None:
    """Its beginning, and digits of its hash, so that two names do not become one."""
    done, other = (
        upgraded("-k", "/k", each, source="v2.5", target=target) for each in (name, f"{name}x")
    )
    written = done.argv.tokens[-1]
    assert done.succeeded
    assert len(written.encode()) <= 15
    assert re.fullmatch(f"{beginning}-[0-9a-f]{{6}}", written)
    assert other.argv.tokens[-1] != written


@pytest.mark.parametrize(("name", "target"), [("a_name_of_15_by", "v3.3"), (50 * "x", "v2.6")])
def test_a_name_that_the_target_takes_stays(name: str, target: str) -> None:
    """15 bytes from v2.7 on, more before."""
    assert upgraded("-k", "/k", name, source="v2.5", target=target).argv.tokens[-1] == name


def test_a_seed_is_cut_as_it_was() -> None:
    """Of --mac_seed 49 bytes counted, and the MAC is to stay."""
    done = upgraded("--mac_seed", 60 * "x", "-s", "4,virtio-net,tap0", *BOOT)
    assert f"4,virtio-net,tap=tap0,mac_seed={49 * 'x'}" in done.argv.tokens


@pytest.mark.parametrize(
    ("given", "lost"),
    [
        ("-s 2,pci-gvt -k /k vm", "graphics by GVT-g"),
        ("-s 4,virtio-net,tap0 -k /k vm", "the MAC on slot 4"),
        ("--rtvm -k /k vm", "without the local APIC"),
        ("--vsbl /v -k /k vm", "the boot loader VSBL"),
        ("-Y -k /k vm", "without an MP table"),
        ("-s 6,ivshmem,shm,8192 -k /k vm", "the size of shm"),
        ("--pm_notify_channel uart --pm_by_vuart tty,/dev/ttyS1 -k /k vm", "told to shut down"),
    ],
)
def test_what_cannot_be_kept_is_said(given: str, lost: str) -> None:
    """The target takes the line, and does less with it."""
    done = upgraded(*given.split(), source="v2.1")
    assert done.succeeded
    assert any(lost in text for text in done.lost)


def test_a_device_that_was_not_reset_is_told_of() -> None:
    """From v1.6 on passthru resets a device unless it is told not to."""
    plain, asked, kept = (
        upgraded(*words.split(), *BOOT, source="v1.4").lost
        for words in (
            "-s 6,passthru,2/0/0",
            "-s 6,passthru,2/0/0,reset",
            "-s 6,passthru,2/0/0 --ptdev_no_reset",
        )
    )
    assert any("the device on slot 6" in text for text in plain)
    assert asked == kept == ()


def test_a_trap_that_is_new_is_in_the_way() -> None:
    """From v1.1 on a path with nodisk in it is a placeholder, and nobody says so."""
    done = upgraded("-s", "3,virtio-blk,/a/nodisk/b", *BOOT, source="v1.0", target="v1.2")
    assert [each.rule for each in done.blockers] == ["placeholder-by-accident"]
    assert upgraded("-s", "3,virtio-blk,/a/nodisk/b", *BOOT, source="v1.2", target="v1.4").succeeded


def test_what_the_source_refuses_is_not_rewritten() -> None:
    """It did nothing there that could be kept."""
    done = upgraded("-z", *BOOT)
    assert done.argv == done.given
    assert [(each.rule, each.releases) for each in done.blockers] == [("option-unknown", ("v2.6",))]


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ("-A -s 4,virtio-net,tap0", "v2.7"),
        ("-s 4,virtio-net,tap=tap0", "v3.3"),
        ("-c 1", "v1.3"),
        ("-U d2795438-25d6-11e8-864e-cb7a18b34643", "v2.6"),
        ("-m 512M", "v3.3"),
        ("--psram", "v2.4"),
    ],
)
def test_the_source_is_the_newest_release_with_the_fewest_traps(given: str, source: str) -> None:
    """A release that takes a line and does nothing with half of it is not what it was for."""
    line = Argv.known(WHERE, (*given.split(), *BOOT))
    assert likely_source(line, "v3.3", NAMED) == source


def holed(*tokens: str) -> Argv:
    """Return an argv in which ``$name`` is not known, wherever it stands."""
    found = {
        index: tuple(Hole(*each.span(), each[1]) for each in re.finditer(r"\$(\w+)", token))
        for index, token in enumerate(tokens)
    }
    holes = {index: here for index, here in found.items() if here}
    return Argv(WHERE, tokens, (None,) * len(tokens), holes)


def test_a_hole_stays_a_hole() -> None:
    """In what is rewritten, too; what it may be is nobody's fault."""
    line = holed(
        *("-A", "$more", "-m", "$m", "--mac_seed", "$s-1", "-s", "4,virtio-net,$tap"),
        *("-s", "$slot,virtio-rnd", "-k", "/k", "$name"),
    )
    done = upgrade(line, "v2.6", "v3.3", NAMED, "0")
    assert done.succeeded, done.blockers
    assert done.argv.tokens == (
        *(*CPU, "$more", "-m", "$m", "-s", "4,virtio-net,tap=$tap,mac_seed=$s-1"),
        *("-s", "$slot,virtio-rnd", "-k", "/k", "$name"),
    )
    assert done.argv.unknown == ("more", "m", "tap", "s", "slot", "name")
    assert any("more than 15 bytes, if $name is one" in text for text in done.lost)


def test_a_hole_for_processors_has_a_name_of_its_own() -> None:
    """A script's own $cpus may be something else."""
    done = upgrade(holed("-B", "maxcpus=$cpus", *BOOT), "v2.6", "v3.3", NAMED)
    assert done.argv.tokens[:2] == ("--cpu_affinity", "$cpus_")


def test_operands_that_may_be_options_may_name_an_image() -> None:
    """Nothing to boot is then not said."""
    assert upgrade(holed("$options", "vm"), "v2.6", "v3.3", NAMED).succeeded
