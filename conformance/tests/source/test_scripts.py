"""Scripts are read as bash would run them: the argv found is what acrn-dm would be given."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from acrn_cmdline.source import Argv, SourceError, from_file
from acrn_cmdline.source.shell import reader

BASH = shutil.which("bash") or ""

CERTAIN = [
    "f() { acrn-dm -s 3,virtio-blk$2,/data/$1/$1.img,$1$2 $3\"$4\"$5; }; f a b c 'd e' f",
    "b=0000:1a:02.3; t=${b#*:}; acrn-dm $((16#${t%:*})) $((16#${b#*.})) $((010 + 0x1F)) vm",
    "acrn-dm $(printf '%s,%x/%02x/%X,%o' 2 26 5 255 8) $(printf '%-3s|%3d|%i' a 7 0x10) vm",
    # words and quotes
    """acrn-dm -A -m 512M 'a b' "c d" e\\ f g'h'"i" '' "" vm""",
    """acrn-dm -B "root=/dev/vda \\\n  rw" \\\n  vm # a comment""",
    """acrn-dm $'a\\tb' "a\\"b\\$c" 'a\\b' vm > /dev/null 2>&1 &\nwait""",
    """k=/k; acrn-dm -k "/a b"\\ c $k\\ d 'e'\\ \\ "f" \\ g\\  vm""",
    """acrn-dm -A > /dev/null 2>&1 -k /k vm; acrn-dm <<E >> /dev/null -Y um\nE""",
    """acrn-dm v$"a b" $"x"y $"z" $ a$ "$" vm""",
    """x=1 y="a b"  # two\n\nacrn-dm $x "$y" vm\nz=2 w=3\n{ acrn-dm $z$w; }""",
    """f() {\n  a=4 b=5 \\\n    c=6\n  acrn-dm $a$b$c\n}\nf""",
    # braces
    """for i in {1..3} x{a,b}; do acrn-dm -s $i,lpc; done""",
    """acrn-dm a{b,c{1..2},}d {x} {a,b}{1,2} {01..3} {c..a} {a..e..2} {3..-1} {1,2 vm} {} {,}""",
    """s=3; acrn-dm {$s,"4 5"},lpc '{a,b}' "{1..2}" \\{a,b} {a\\,b,c} {{a,b},c{d,e}} vm""",
    """x={1..3}; a=({1..2} {x,y}z); acrn-dm $x "${a[@]}" vm""",
    # variables
    """m=512M; acrn-dm -m $m "${m}x" '$m' vm""",
    """o="-m 1G -k /k"; acrn-dm $o "$o" vm""",
    """n=; acrn-dm $n "$n" a$n vm""",
    """a=1; b=$a$a; a+=2; acrn-dm $a $b vm""",
    """x=a; x=${x:-b} y=${z:-c} ; : ${w:=d}; acrn-dm $x $y $w ${x:+e} ${z:+f} ${z-g} vm""",
    """p=/a/b/c.img; acrn-dm ${p##*/} ${p%/*} ${p#*/} ${p%%/*}x ${p%.img} vm""",
    """b=02/00/0; acrn-dm ${b//\\//:} ${b/0/9} ${b:3:2} ${b:1} ${#b} ${b/#02/x} ${b/%0/y} vm""",
    """w=Ab; acrn-dm ${w^^} ${w,,} ${w^} ${w,} vm""",
    """k=m; m=3; acrn-dm ${!k} vm""",
    # numbers
    """i=2; acrn-dm $((i * 3 + 1)) $((i++)) $i "$(( (i - 1) << 4 ))M" vm""",
    """for ((i = 0; i < 3; i++)); do a+=(-s $i,lpc); done; acrn-dm "${a[@]}" vm""",
    # arrays
    """a=(-m 1G "x y"); a+=(-s 3,lpc); acrn-dm "${a[@]}" ${a[2]} ${#a[@]} "${a[*]}" vm""",
    """a=(\n  -m 1G  # memory\n  "$(echo -s 3,lpc)"\n)\nacrn-dm ${a[@]} vm""",
    """a=(1 2); IFS=,; acrn-dm "${a[*]}" vm""",
    """e=(); acrn-dm "${e[@]}" vm""",
    """a=(k=1 l=2); acrn-dm "${a[@]%=*}" "${a[@]#*=}" "${a[@]:1}" vm""",
    # functions and substitutions
    """f() { echo -n "-s $1,$2"; }; acrn-dm $(f 3 lpc) `f 4 virtio-rnd` "$(f 5 x)" vm""",
    """f() { local a=$1; shift; acrn-dm $a "$@" $# vm; }; a=9; f 1 "2 3" 4; acrn-dm $a vm""",
    """a=(\n  `echo a`\n  `echo b`\n  `echo c d`\n)\nacrn-dm "${a[@]}" vm""",
    """v=$(printf '%s,%d' x 3); acrn-dm $v $(basename /a/b.img .img) $(dirname /a/b) vm""",
    """f() { if [ -n "$1" ]; then echo "-k $1"; fi; }; acrn-dm $(f /k) $(f) vm""",
    """l=$(IFS=','; set -- 1 2 3; echo "$*"); acrn-dm $l vm""",
    """f() { return; echo no; }; acrn-dm $(f) vm""",
    # ways
    """x=2; if [ $x -eq 1 ]; then o=a; elif [ "$x" = 2 ]; then o=b; else o=c; fi; acrn-dm $o vm""",
    """x=abc; if [[ $x == a* && -n $x ]]; then acrn-dm yes; else acrn-dm no; fi""",
    """x=; test -z "$x" && acrn-dm a; [ "$x" ] && acrn-dm b; [ "$x" ] || acrn-dm c""",
    """case x.img in *.iso) acrn-dm a ;; *.img | b) acrn-dm b ;; *) acrn-dm c ;; esac""",
    """for s in 3 4 "5 6"; do [ "$s" = 4 ] && continue; acrn-dm -s "$s,lpc"; done""",
    """for s in 1 2 3; do [ $s = 2 ] && break; acrn-dm $s; done""",
    """n=0; a=; while [ $n -lt 3 ]; do n=$((n + 1)); a="$a $n"; done; acrn-dm $a x"$a" vm""",
    """f() { while [ $# -gt 0 ]; do case $1 in -m) shift; m=$1 ;; esac; shift; done; acrn-dm $m; }
       f -x -m 3G""",
    """x=1; (x=2; acrn-dm $x); acrn-dm $x; { x=3; }; acrn-dm $x""",
    """x=1; echo y | { x=2; acrn-dm $x; }; acrn-dm $x""",
    """! false && acrn-dm a; true || acrn-dm b; exit 0; acrn-dm c""",
    # programs
    """DM=acrn-dm; $DM vm; "$DM" vm2; X=1 acrn-dm vm3; env X=1 acrn-dm vm4; command acrn-dm vm5""",
    """x=in; export x; y=not; bash -c 'acrn-dm "$1" $x' name "a b"; sh -c "acrn-dm $y" """,
    """timeout 5 nohup acrn-dm a 2> /dev/null; exec acrn-dm b""",
    """eval "acrn-dm 'a b' vm"; c="acrn-dm -A"; $c vm; set -- acrn-dm q; "$@" vm""",
    """bash -s <<'EOF'\nacrn-dm -A "a b"\nEOF\nm=1G\nbash <<EOF\nacrn-dm -m $m\nEOF""",
    """pgrep -f "acrn-dm -A" > /dev/null; which acrn-dm > /dev/null; acrn-dm vm""",
]


def calls(folder: Path, script: str) -> list[tuple[str, ...]]:
    """Return the calls of acrn-dm that bash makes, in the order of their ends."""
    program, log = folder / "acrn-dm", folder / "log"
    program.write_text('#!/bin/bash\n{ printf "%s\\0" "$@"; printf "\\n\\0"; } >> "$LOG"\n')
    program.chmod(0o755)
    log.touch()
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "LOG": str(log)}
    subprocess.run([BASH, "-c", script], env=environment, check=False, cwd=folder)
    ended = log.read_text().split("\n\0")[:-1]
    return [tuple(call.split("\0")[:-1]) for call in ended]


def read(folder: Path, script: str, **values: str) -> list[Argv]:
    path = folder / "launch.sh"
    path.write_text(script, "utf-8", "surrogateescape")
    return list(from_file(str(path), values))


@pytest.mark.skipif(not BASH, reason="what bash does is asked of bash, which is not here")
@pytest.mark.parametrize("script", CERTAIN)
def test_what_is_certain_is_what_bash_gives(tmp_path: Path, script: str) -> None:
    """Token by token, call by call; nothing of it is left open."""
    found = read(tmp_path, script)
    assert [argv.tokens for argv in found] == calls(tmp_path, script)
    assert not any(argv.unknown for argv in found)


@pytest.mark.parametrize(
    ("script", "tokens"),
    [
        ("acrn-dm -m $m ${x}y vm", ("-m", "$m", "$xy", "vm")),
        ("m=$(cat /m) ; acrn-dm -m $m vm", ("-m", "$m", "vm")),
        ("acrn-dm a-$(cat /m | head -1) vm", ("a-$(cat /m | head -1)", "vm")),
        ("acrn-dm ${mac:9:8} $(( n * 2 ))M vm", ("${mac:9:8}", "$(( n * 2 ))M", "vm")),
        ("acrn-dm $1 $# vm", ("$1", "$#", "vm")),
        ("if [ -e /x ]; then m=1; else m=2; fi; acrn-dm -m $m vm", ("-m", "$m", "vm")),
        ("m=1; [ -e /x ] && m=2; acrn-dm -m $m vm", ("-m", "$m", "vm")),
        ("if [ -e /x ]; then m=1; else m=1; fi; acrn-dm -m $m vm", ("-m", "1", "vm")),
        ("m=1; if pgrep x; then m=2; exit 1; fi; acrn-dm $m vm", ("1", "vm")),
        ("a=(-A); [ -e /x ] && a+=(-k /k); acrn-dm ${a[@]} vm", ("-A", "$a", "vm")),
        ("o='-m 1'; [ -e /x ] && o+=' -A'; acrn-dm $o vm", ("-m", "1", "$o", "vm")),
        ("for d in /dev/*; do o=$d; done; acrn-dm $o vm", ("$o", "vm")),
        ("while read -r x; do m=$x; done < /x; acrn-dm $m vm", ("$m", "vm")),
        ("source ./settings; acrn-dm -m $m vm", ("-m", "$m", "vm")),
        ("f() { acrn-dm -m $1 vm; }", ("-m", "$1", "vm")),
        ("f() { lspci; echo x; }; acrn-dm $(f) vm", ("$(unknown)", "x", "vm")),
        ("acrn-dm ~/a.img vm", ("$HOME/a.img", "vm")),
        ('eval "acrn-dm -m $m -s $a,$b vm"', ("-m", "$m", "-s", "$a,$b", "vm")),
        ("acrn-dm {1..2000} vm", ("${1..2000}", "vm")),
        ("# für\nacrn-dm /$1$2/$1$2 -A vm", ("/$1$2/$1$2", "-A", "vm")),
        ("# für 50 \udcb0C \udcb0\udcb0\nacrn-dm -m $1 vm", ("-m", "$1", "vm")),
    ],
)
def test_what_is_not_known_is_a_hole_with_a_name(
    tmp_path: Path, script: str, tokens: tuple[str, ...]
) -> None:
    """Ways that nobody can tell apart leave open what they leave different, and no more."""
    (found,) = read(tmp_path, script)
    assert found.tokens == tokens
    for index, holes in found.holes.items():
        assert [tokens[index][hole.start : hole.end] for hole in holes] == [
            f"${hole.name}" for hole in holes
        ]


@pytest.mark.parametrize(
    ("script", "values", "tokens"),
    [
        ("acrn-dm -m $m vm", {"m": "1G"}, ("-m", "1G", "vm")),
        ("acrn-dm $o vm", {"o": "-m 1G"}, ("-m", "1G", "vm")),
        ('acrn-dm "$o" vm', {"o": "a b"}, ("a b", "vm")),
        ("mac=$(cat /m); acrn-dm ${mac:9:8} vm", {"mac": "00:11:22:33:44:55"}, ("33:44:55", "vm")),
        ("acrn-dm ${m:-1G} vm", {"m": "2G"}, ("2G", "vm")),
        ("if [ $x = a ]; then m=1; else m=2; fi; acrn-dm $m vm", {"x": "a"}, ("1", "vm")),
        ("acrn-dm $1 vm", {"1": "z"}, ("z", "vm")),
        ("((n++)); acrn-dm $((n + 3)) $n vm", {"n": "0"}, ("4", "1", "vm")),
    ],
)
def test_what_is_not_known_can_be_given(
    tmp_path: Path, script: str, values: dict[str, str], tokens: tuple[str, ...]
) -> None:
    """A value goes wherever the name is open, and ways that hang on it are certain."""
    (found,) = read(tmp_path, script, **values)
    assert found.tokens == tokens
    assert not found.unknown


def test_each_way_of_a_script_may_have_its_own_call(tmp_path: Path) -> None:
    """Both are told, each with the place of its program."""
    script = "if [ -e /x ]; then\n  acrn-dm a\nelse\n  sudo acrn-dm b\nfi\n"
    found = read(tmp_path, script)
    assert [(argv.tokens, argv.where[1:]) for argv in found] == [(("a",), (2, 3)), (("b",), (4, 8))]


def test_a_token_stands_where_it_was_written(tmp_path: Path) -> None:
    """Also where a variable, an array or a function brings it to the call."""
    script = (
        'o="-m 1G"\nf() { echo "-k $1"; }\na=(\n  -A\n)\nacrn-dm $o $(f /k) "${a[@]}" \\\n  vm\n'
    )
    (found,) = read(tmp_path, script)
    places = {
        token: place[1:] if place else None
        for token, place in zip(found.tokens, found.places, strict=True)
    }
    assert places == {
        "-m": (1, 4),
        "1G": (1, 7),
        "-k": (2, 13),
        "/k": (6, 16),
        "-A": (4, 3),
        "vm": (7, 3),
    }


def test_acrnctl_and_searches_are_no_calls(tmp_path: Path) -> None:
    """Only the word of the program calls it."""
    script = "acrnctl add launch.sh -U 1\nps -ef | grep acrn-dm\nkillall acrn-dm\nacrn-dm vm\n"
    assert [argv.tokens for argv in read(tmp_path, script)] == [("vm",)]


UNIT = "ExecStart=-/usr/bin/acrn-dm -m ${M} \\\n  -k /k$HOME vm%i\n"
WRITTEN = ("-m", "2M", "-k", "/k$HOME", "vm$specifier_i")


@pytest.mark.parametrize("front", ["#!/bin/bash\n", "", "acrn-dm vm0\n"])
@pytest.mark.parametrize("section", ["[Service]\n", ""])
def test_a_unit_that_a_script_writes_is_a_unit_within_a_script(
    tmp_path: Path, front: str, section: str
) -> None:
    """The unit's calls and the script's are found, each at its place."""
    unit = f"{section}Environment=M=2M\n{UNIT}"
    (*_, written, own) = found = read(
        tmp_path, f"{front}x=1\ncat > /etc/acrn@.service <<'EOF'\n{unit}EOF\nacrn-dm v$x\n"
    )
    lines = 3 + front.count("\n") + unit.count("\n")
    assert written.tokens == WRITTEN
    assert written.where[1:] == (lines - 2, 12)
    assert (own.tokens, own.where[1:]) == (("v1",), (lines + 1, 1))
    assert len(found) == 2 + ("vm0" in front)


def test_a_unit_that_a_script_writes_takes_what_the_script_knows(tmp_path: Path) -> None:
    """As long as the shell expands the document."""
    script = f"M=2M HOME=\ncat <<-EOF | tee /etc/acrn@.service\n\t[Service]\n\t{UNIT}EOF\n"
    (found,) = read(tmp_path, script)
    assert found.tokens == ("-m", "2M", "-k", "/k", "vm$specifier_i")


def test_a_unit_shown_behind_a_command_is_a_unit(tmp_path: Path) -> None:
    """What a terminal showed is not of one form."""
    (found,) = read(tmp_path, f"systemctl cat acrn@\n\n[Service]\nEnvironment=M=2M\n{UNIT}")
    assert found.tokens == WRITTEN


@pytest.mark.parametrize(
    "writing",
    [
        "{ echo '[Service]'; echo 'ExecStart=acrn-dm -m 1G w'; } > /x.service",
        "printf '%s\\n' '[Service]' 'ExecStart=acrn-dm -m 1G w' | sudo tee /x.service",
        "echo '[Service]' > /x.service; echo 'ExecStart=acrn-dm -m 1G w' >> /x.service",
        "printf '#!/bin/sh\\nacrn-dm -m 1G w\\n' > /x.sh",
    ],
)
def test_what_a_script_prints_into_a_file_is_read_if_it_is_surely_a_script(
    tmp_path: Path, writing: str
) -> None:
    """Or a unit; a line that a script logs is no call besides the one that it tells of."""
    logging = 'echo "acrn-dm vm" >> /log; echo "$@" | tee /log'
    found = read(tmp_path, f"{writing}\n{logging}\nacrn-dm vm\n")
    assert [argv.tokens for argv in found] == [("-m", "1G", "w"), ("vm",)]


@pytest.mark.parametrize(
    ("late", "why"),
    [
        (
            "for a in {1..900}; do x=$a; done",
            "1:1: too much to follow; what comes late is not read",
        ),
        (f"acrn-dm {'$y ' * 201}", "2:1: a call with over 200 words that are not known"),
    ],
)
def test_a_script_that_is_not_read_whole_says_so_behind_its_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: str, why: str
) -> None:
    """What was read is given; that it was all, nobody is to believe."""
    monkeypatch.setattr(reader, "STEPS", 1_000)
    path = tmp_path / "launch.sh"
    path.write_text(f"acrn-dm vm\n{late}\n")
    found = from_file(str(path))
    assert next(found).tokens == ("vm",)
    with pytest.raises(SourceError, match=re.escape(f"{path}:{why}")):
        next(found)
