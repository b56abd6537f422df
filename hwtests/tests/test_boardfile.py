"""The board file: what it may say, and the one line that tells what is wrong with it."""

from pathlib import Path

import pytest

from acrn_hwtests.boardfile import BoardClass, BoardFileError, read

_BOARDS = Path(__file__).parents[1] / "boards"
_PLAIN = 'kind = "local"\nrelease = "v2.5"\nkernel = "/k"\nimage = "/i"\n'
_UUIDS = tuple(f"{n}a7ada50-1ab0-4b6b-a0da-e513ca9b8c2f" for n in range(3))
_LOCAL = f'{_PLAIN}uuids = ["{_UUIDS[0]}", "{_UUIDS[1]}"]\n'
_LATER = _PLAIN.replace("v2.5", "v2.7")
_STANDIN = 'kind = "standin"\nrelease = "v2.5"\n'


@pytest.mark.parametrize("name", sorted(path.name for path in _BOARDS.glob("*.toml")))
def test_the_examples_can_be_read(name: str) -> None:
    """Each board file that the project ships is a good one, of the kind in its name."""
    assert read(_BOARDS / name).kind == Path(name).stem.partition("-")[0]


def test_only_the_stand_in_is_of_its_class() -> None:
    """No other kind is a stand-in, and a stand-in is never hardware."""
    classes = {read(path).kind: read(path).board_class for path in _BOARDS.glob("*.toml")}
    assert classes == {
        "local": BoardClass.HARDWARE,
        "ssh": BoardClass.HARDWARE,
        "labgrid": BoardClass.HARDWARE,
        "standin": BoardClass.STANDIN,
    }


def test_a_factor_scales_every_timeout(tmp_path: Path) -> None:
    """The factor is for slow boards: it counts for all timeouts alike."""
    path = tmp_path / "board.toml"
    path.write_text(_LOCAL + "[timeouts]\nboot = 10\nfactor = 3\n")
    scaled = read(path).timeouts.scaled()
    assert (scaled.socket, scaled.boot, scaled.command, scaled.power_off) == (30, 30, 30, 45)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "kind: missing; give it"),
        ('kind = "pigeon"\nrelease = "v2.5"\n', "kind: 'pigeon' is no kind of board; use local, "),
        (
            'kind = "standin"\nrelease = "v9"\n',
            "release: 'v9' cannot be had; use one of v2.5, v2.7, v3.3",
        ),
        (_STANDIN.replace("v2.5", "v3.0"), "release: 'v3.0' cannot be had; use one of v2.5"),
        (_PLAIN, "uuids: missing; name 2 or more of the scenario's"),
        (
            _PLAIN + f'uuids = ["{_UUIDS[0]}"]\n',
            "uuids: one alone; the checks have 2 guests at once",
        ),
        (_PLAIN + 'uuids = ["a7ada506", "x"]\n', "uuids[0]: 'a7ada506' is no UUID"),
        (_PLAIN + f'uuids = ["{_UUIDS[0]}", "{_UUIDS[0].upper()}"]\n', "uuids: one stands twice"),
        (_LOCAL + "cpus = [1]\n", "cpus: v2.5 takes none; leave the field out"),
        (_LATER, "cpus: missing; name the CPUs for guests"),
        (_LATER + "cpus = [-1]\n", "cpus[0]: Expected `int` >= 0"),
        (_LATER + "cpus = [1, 2, 1]\n", "cpus: one stands twice"),
        (_LATER + f'cpus = [1]\nuuids = ["{_UUIDS[0]}"]\n', "uuids: v2.7 takes none"),
        (_LOCAL + 'tap = "br0"\n', "tap: v2.5 opens no interface of the name 'br0'"),
        (_LOCAL.replace("v2.5", "v2.0") + 'macvtap = "macvtap0"\n', "macvtap: v2.0 opens no"),
        (_LOCAL.replace("v2.5", "v1.0"), "release: 'v1.0' cannot be had; use one of v1.1, "),
        (_STANDIN + 'tap = "a,mac=1"\n', "tap: 'a,mac=1' is no name of an interface"),
        (_STANDIN + 'tap = "a\\u0000"\n', "is no name of an interface"),
        (_STANDIN + 'kernel_params = ["a", "b c"]\n', "kernel_params[1]: 'b c' is not one"),
        (_STANDIN + 'kernel_params = ["a\\n"]\n', "kernel_params[0]: 'a\\n' is not one"),
        (_STANDIN + "[ssh]\nidentity = 'a\"b'\n", "ssh.identity: 'a\"b' cannot be given to ssh"),
        (_STANDIN + '[standin]\nfolder = "x"\n', "standin.folder: 'x' is no absolute path"),
        (_STANDIN + f'[standin]\nfolder = "/{"x" * 58}"\n', "standin.folder: 59 bytes, and the"),
        ("relaese = 'v2.5'\n", "relaese: there is no such field; near is release"),
        (_STANDIN + "colour = 1\n", "colour: there is no such field; there are kind, release, "),
        (_STANDIN + "[timeouts]\nbooot = 1\n", "timeouts.booot: there is no such field; near is t"),
        (_STANDIN + "host = 'b'\n", "host: there is no such field; near is ssh.host"),
        (_STANDIN + "ssh = 1\n", "ssh: Expected `object`, got `int`; mend the field"),
        (_STANDIN + "[ssh]\nport = 65536\n", "ssh.port: Expected `int` <= 65535"),
        (_STANDIN + '[timeouts]\nboot = "long"\n', "timeouts.boot: Expected `float`, got `str`"),
        (_STANDIN + "[timeouts]\nboot = 0\n", "timeouts.boot: not above 0"),
        (_STANDIN + "[timeouts]\nboot = 1e5\nfactor = 7\n", "timeouts.boot: more than a week"),
        (_STANDIN + "[timeouts]\nboot = inf\n", "timeouts.boot: not above 0"),
        (_STANDIN + "[timeouts]\nfactor = nan\n", "timeouts.factor: not above 0"),
        (_STANDIN + "kernel_params = [1]\n", "kernel_params[0]: Expected `str`, got `int`"),
        (_STANDIN + 'console = "tty7"\n', "console: 'tty7' is none to talk on; use one of hvc0, "),
        (_STANDIN + 'tap = "t"\nmacvtap = "m"\n', "macvtap: a tap is given as well"),
        ('kind = "local"\nrelease = "v2.5"\n', "kernel: '' is no absolute path"),
        (_LOCAL.replace('"/i"', '"i"'), "image: 'i' is no absolute path"),
        (_LOCAL.replace('"/i"', '"/i\\u0000"'), "image: it holds a NUL"),
        (_LOCAL.replace("local", "ssh"), "ssh.host: missing"),
        (_LOCAL.replace("local", "labgrid"), "labgrid: give a place or tags"),
        (
            _LOCAL.replace("local", "labgrid") + '[labgrid]\nplace="p"\nwait = inf\n',
            "labgrid.wait: Expected `float` <=",
        ),
        ("kind = \n", "not valid TOML"),
        ("\udcff", "not valid TOML"),
    ],
)
def test_a_fault_is_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """What is wrong is told with the file, the path in it, and what to do."""
    path = tmp_path / "board.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BoardFileError) as caught:
        read(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert said in line
    assert "\n" not in line


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """A missing file, and a folder in its place, are told as such."""
    with pytest.raises(BoardFileError, match="No such file or directory; name a readable"):
        read(tmp_path / "none.toml")
    with pytest.raises(BoardFileError, match="Is a directory"):
        read(tmp_path)
