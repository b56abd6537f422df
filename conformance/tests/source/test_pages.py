"""Pages of documentation: the calls in their blocks of code are read, and nothing else is."""

from pathlib import Path

import pytest

from acrn_cmdline.source import Argv, SourceError, from_file

RESTRUCTURED = """\
.. _launch:

Launch a VM
###########

The ``acrn-dm -A ignored`` of this paragraph is none, and so are:

.. code-block:: none

   acrn-dm [-hAY] [-m memory] <vm_name>

#. First ask it, then write the script::

      $ acrn-dm --help

   .. code-block:: bash
      :emphasize-lines: 2

      mem=1024M
      acrn-dm -m $mem -s 0:0,hostbridge \\
        -s 3,virtio-blk,<your folder>/d.img \\
        --ovmf /o.fd
        -s 4,virtio-rnd one

#. Or by a here-document::

      cat > run.sh << EOF
      acrn-dm -m 512M two
      EOF

   and not in another language:

   .. code-block:: c

      /* acrn-dm -m 512M c */

.. note::

   acrn-dm -m 512M note

.. code-block:: console

   acrn-dm -m 512M \\
     ... three
"""

MARKDOWN = """\
# Launch `acrn-dm -m 1G prose`

    $ acrn-dm -m 512M one

1. In a list

    it's (text: acrn-dm -m 512M list

And then

\tacrn-dm -m 512M two
"""


def read(folder: Path, name: str, content: str) -> list[Argv]:
    path = folder / name
    path.write_text(content)
    return list(from_file(str(path)))


def test_the_blocks_of_restructured_text_are_read(tmp_path: Path) -> None:
    """Behind directives and ``::``; a synopsis, a question and another language hold no call."""
    one, two, three = read(tmp_path, "page.rst", RESTRUCTURED)
    assert one.tokens == (
        *("-m", "1024M", "-s", "0:0,hostbridge", "-s", "3,virtio-blk,$your_folder/d.img"),
        *("--ovmf", "/o.fd", "-s", "4,virtio-rnd", "one"),
    )
    assert two.tokens == ("-m", "512M", "two")
    assert three.tokens == ("-m", "512M", "$left_out", "three")


def test_tokens_stand_where_the_page_has_them(tmp_path: Path) -> None:
    """Indented as they are; a file of another name is a page by its directives."""
    one, *_ = read(tmp_path, "page.txt", RESTRUCTURED)
    lines = RESTRUCTURED.split("\n")
    for token, place in zip(one.tokens, one.places, strict=True):
        assert place is not None
        assert place.line
        assert place.column
        written = lines[place.line - 1][place.column - 1 :]
        assert written.startswith((token, "1024M" if token == "$mem" else token.partition("$")[0]))


def test_placeholders_and_dots_are_holes(tmp_path: Path) -> None:
    """They can be given by name, as a variable can."""
    one, _, three = read(tmp_path, "page.rst", RESTRUCTURED)
    assert one.unknown == ("your_folder",)
    assert three.unknown == ("left_out",)
    (given, *_) = from_file(str(tmp_path / "page.rst"), {"your_folder": "/imgs"})
    assert given.tokens[5] == "3,virtio-blk,/imgs/d.img"


def test_a_line_without_its_backslash_goes_on_in_front_of_options(tmp_path: Path) -> None:
    """A shell would end the call there; that it would is told."""
    (one, *_) = read(tmp_path, "page.rst", RESTRUCTURED)
    assert any("no backslash in front of options" in note for note in one.notes)
    ended = "acrn-dm -m 512M vm\necho -s\nset -e\n"
    (call,) = read(tmp_path, "launch.sh", ended)
    assert call.tokens == ("-m", "512M", "vm")
    assert call.notes == ()


def test_the_indented_code_of_markdown_is_read(tmp_path: Path) -> None:
    """Where a page has no fence; what belongs to a list is text."""
    assert [argv.tokens[-1] for argv in read(tmp_path, "page.md", MARKDOWN)] == ["one", "two"]


def test_fences_of_markdown_end_as_they_begin(tmp_path: Path) -> None:
    """Another fence inside is text, and so is another language."""
    page = "~~~~sh\nacrn-dm -m 1G one\n```\n~~~~\n```python\nacrn-dm -m 1G py\n```\nacrn-dm -m 1G\n"
    (one,) = read(tmp_path, "README.md", page)
    assert one.tokens == ("-m", "1G", "one")


@pytest.mark.parametrize(
    "page",
    [
        "Title\n=====\n\nacrn-dm -m 1G vm\n",
        "Options::\n\n   -s 3,virtio-rnd\n   -m 512M\n",
        "Usage::\n\n   acrn-dm [-h] [-m memory] <vm>\n   acrn-dm -h\n",
    ],
)
def test_a_page_without_a_call_says_so(tmp_path: Path, page: str) -> None:
    """Prose, options alone and synopses are none."""
    with pytest.raises(SourceError, match=r"page\.rst: no call of acrn-dm found; looked for"):
        read(tmp_path, "page.rst", page)


def test_a_question_is_no_launch_where_there_is_one(tmp_path: Path) -> None:
    """A script asks for the usage text to find out what its acrn-dm knows."""
    script = "acrn-dm --help 2>&1 | grep -q GVT && g=1\nacrn-dm -m 1G vm\n"
    (call,) = read(tmp_path, "launch.sh", script)
    assert call.tokens == ("-m", "1G", "vm")
    (question,) = read(tmp_path, "ask.sh", "acrn-dm --help\n")
    assert question.tokens == ("--help",)
