"""The changes of an upgrade in the script that the line was read from, where they are literal."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from acrn_cmdline.lint import NAMED
from acrn_cmdline.source import from_file
from acrn_cmdline.upgrade import Rewritten, in_script, upgrade


def rewritten(folder: Path, text: str) -> Rewritten:
    path = folder / "launch.sh"
    path.write_text(text)
    (argv,) = from_file(str(path), {})
    return in_script(upgrade(argv, "v2.6", "v3.3", NAMED), text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("acrn-dm -A -k /k vm", 'acrn-dm --cpu_affinity "$cpus" -k /k vm'),
        ("acrn-dm -G '64 448 8' -k /k vm", 'acrn-dm --cpu_affinity "$cpus" -k /k vm'),
        ('acrn-dm "-A" -k /k vm', 'acrn-dm --cpu_affinity "$cpus" -k /k vm'),
        ("/usr/bin/acrn-dm -k /k vm", '/usr/bin/acrn-dm --cpu_affinity "$cpus" -k /k vm'),
        (
            "m=129M; sudo acrn-dm -m $m -k /k vm",
            'm=130M; sudo acrn-dm --cpu_affinity "$cpus" -m $m -k /k vm',
        ),
        (
            "acrn-dm -s '4,virtio-net,tap0' -k /k \\\n vm",
            "acrn-dm --cpu_affinity \"$cpus\" -s '4,virtio-net,tap=tap0' -k /k \\\n vm",
        ),
        (
            'o="-Y --pm_notify_channel ioc"\nacrn-dm $o -k /k vm',
            'o=""\nacrn-dm --cpu_affinity "$cpus" $o -k /k vm',
        ),
        (
            "args=(-s 2,pci-gvt\n -k /k vm)\nacrn-dm ${args[@]}",
            'args=(\n -k /k vm)\nacrn-dm --cpu_affinity "$cpus" ${args[@]}',
        ),
    ],
)
def test_a_literal_change_is_made_in_the_script(tmp_path: Path, before: str, after: str) -> None:
    """Where the words are written, and nowhere else."""
    found = rewritten(tmp_path, before)
    assert found.by_hand == ()
    assert found.text.split() == after.split()


@pytest.mark.parametrize(
    "text",
    [
        "slot=4\nacrn-dm -s $slot,virtio-net,tap0 -k /k vm",
        "x=a-$1\nacrn-dm --mac_seed $x -k /k vm",
        'x=(a)\nacrn-dm --mac_seed "${x[@]}" -k /k vm',
        'f() { echo "-s $1"; }\nacrn-dm `f 2,pci-gvt` `f 3,virtio-rnd` -k /k vm',
        "acrn-dm -AY -k /k vm",
    ],
)
def test_what_is_put_together_is_left_to_its_author(tmp_path: Path, text: str) -> None:
    """A word that does not stand as it is, or serves others too, is not touched."""
    found = rewritten(tmp_path, text)
    assert found.by_hand
    assert found.text == text.replace("acrn-dm", 'acrn-dm --cpu_affinity "$cpus"')


def test_what_is_rewritten_is_read_as_upgraded(tmp_path: Path) -> None:
    """The script then gives the line that the upgrade gave."""
    text = "acrn-dm -A -m 129M -s 2,pci-gvt -s 4,virtio-net,tap0 -k /k a_rather_long_name\n"
    path = tmp_path / "launch.sh"
    path.write_text(text)
    (argv,) = from_file(str(path), {})
    done = upgrade(argv, "v2.6", "v3.3", NAMED, "0")
    path.write_text(in_script(done, text).text)
    (again,) = from_file(str(path), {})
    assert again.tokens == done.argv.tokens


def test_an_option_goes_with_its_one_word_whatever_that_holds(tmp_path: Path) -> None:
    """Quoted it is one word; without quotes where its variables are known."""
    text = 'f() {\nacrn-dm -Y -G "$1" --mac_seed $s -k /k vm\n}\ns=a-b\nf "64 448 8"\n'
    found = rewritten(tmp_path, text)
    assert found.by_hand == ()
    assert found.text.splitlines()[1] == 'acrn-dm --cpu_affinity "$cpus" -k /k vm'


@pytest.mark.parametrize(
    ("options", "seed"),
    [
        ("-s 4,virtio-net,tap0 --mac_seed $mac_seed", "mac_seed=$mac_seed"),
        ('--mac_seed "$mac_seed" -s "4,virtio-net,tap0"', "mac_seed=$mac_seed"),
        ("--mac_seed=$mac_seed -s '4,virtio-net,tap0'", "mac_seed=$mac_seed"),
        ('\\\n -s 4,virtio-net,tap0 \\\n --mac_seed "b-$1"', 'mac_seed="b-$1"'),
    ],
)
def test_a_seed_goes_on_as_the_script_writes_it(tmp_path: Path, options: str, seed: str) -> None:
    """The interface gets what --mac_seed got: a parameter means another thing in a function."""
    text = f"mac_seed=board-$1\nlaunch()\n{{\nacrn-dm {options} -k /k vm$1\n}}\nlaunch 1\n"
    after = rewritten(tmp_path, text).text
    assert seed in after
    (given,) = re.findall(r"^--mac_seed[\n=](.*)", run_by_bash(tmp_path, text), re.MULTILINE)
    (kept,) = re.findall(r"tap=tap0,mac_seed=(.*)", run_by_bash(tmp_path, after))
    assert kept == given != ""


def run_by_bash(folder: Path, text: str) -> str:
    """Return the arguments, a line each, that bash gives to acrn-dm in a script."""
    stub = folder / "acrn-dm"
    stub.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    stub.chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}"}
    command = ["bash", "-c", text, "launch.sh", "seven"]
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize(
    "text",
    [
        "args=(-s 4,virtio-net,tap0)\nargs+=(--mac_seed $seed)\nacrn-dm ${args[@]} -k /k vm",
        "net=4,virtio-net,tap0\nacrn-dm -s $net --mac_seed $seed -k /k vm",
    ],
)
def test_a_seed_of_another_scope_stays_where_it_is(tmp_path: Path, text: str) -> None:
    """What cannot be carried by itself is said in the script's words, and nothing is lost."""
    text = f"seed=board-$1\n{text}"
    found = rewritten(tmp_path, text)
    assert found.text == text.replace("acrn-dm", 'acrn-dm --cpu_affinity "$cpus"')
    assert not any("board" in word for each in found.by_hand for word in each.written)
    carried = found.by_hand[0].change.after[-1]
    assert carried.endswith((",mac_seed=...", ",mac_seed=$seed"))
