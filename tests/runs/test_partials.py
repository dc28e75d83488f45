"""Writers at the same time, writers that were killed, and links put in their way."""

import os
import re
import subprocess
import sys
import time

import pytest

from pushforward.runs.atomic import replacing
from pushforward.runs.partial_files import partial_file, partial_folder, sweep

WRITING = """
import sys, time
from pathlib import Path
from pushforward.runs.atomic import replacing
path, letter, until = Path(sys.argv[1]), sys.argv[2].encode(), float(sys.argv[3])
while time.time() < until:
    with replacing(path) as file:
        for _ in range(64):
            file.write(letter * 4096)
"""

KILLED = """
import os, signal, sys
from pathlib import Path
from pushforward.runs.partial_files import partial_file, partial_folder
with partial_file(Path(sys.argv[1])) as (_, file), partial_folder(Path(sys.argv[1])) as folder:
    file.write(b"half")
    (folder / "a").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def started(script: str, *arguments: object) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], stderr=subprocess.PIPE)


def test_two_writers_of_one_path_never_mix_and_never_fail(tmp_path):
    path, until = tmp_path / "x.bin", time.time() + 2.0
    writers = [started(WRITING, path, letter, until) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            content = path.read_bytes()
            assert len(content) == 64 * 4096
            assert len(set(content)) == 1
            seen.add(content[0])
    for writer in writers:
        assert (writer.wait(), writer.communicate()[1]) == (0, b"")
    assert seen == set(b"ab")
    assert os.listdir(tmp_path) == ["x.bin"]


def test_no_link_is_written_through(tmp_path):
    (tmp_path / "victim").write_text("mine")
    for name in (".a.html.partial", ".a.html.0123456789abcdef.partial", "a.html"):
        (tmp_path / name).symlink_to(tmp_path / "victim")
    with replacing(tmp_path / "a.html") as file:
        file.write(b"page")
    assert (tmp_path / "victim").read_text() == "mine"
    assert (tmp_path / "a.html").read_text() == "page"


def test_partial_names_cannot_be_guessed(tmp_path):
    names = []
    for _ in range(3):
        with partial_file(tmp_path / "a") as (partial, _), partial_folder(tmp_path / "b") as folder:
            names += [partial.name, folder.name]
    assert len(set(names)) == 6
    assert all(re.fullmatch(r"\.[ab]\.[0-9a-f]{16}\.partial", name) for name in names)
    assert os.listdir(tmp_path) == []


def test_leftovers_of_a_killed_writer_go_with_the_next_one_and_those_of_a_living_one_stay(tmp_path):
    path = tmp_path / "x.bin"
    started(KILLED, path).communicate()
    assert len(os.listdir(tmp_path)) == 2
    with partial_file(tmp_path / "other") as (other, _):
        with replacing(path) as file:
            file.write(b"whole")
        sweep(tmp_path)
        assert sorted(os.listdir(tmp_path)) == sorted([other.name, "x.bin"])
    assert os.listdir(tmp_path) == ["x.bin"]


@pytest.mark.parametrize("name", ["x" * 250, "ü" * 120, "a\nb", "-rf", ".hidden"])
def test_any_name_that_the_disk_takes(tmp_path, name):
    with replacing(tmp_path / name) as file:
        file.write(b"whole")
    assert os.listdir(tmp_path) == [name]
