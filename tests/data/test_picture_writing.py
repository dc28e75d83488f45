"""A folder of samples is replaced as a whole: whatever comes in between, it is the old one or the new one."""

import os
import shutil
import signal
import warnings

import numpy as np
import pytest
from PIL import Image

from pushforward.data.codecs import image_writing as picture_writing
from pushforward.data.codecs.image_writing import write_folder
from pushforward.errors import Refused
from pushforward.runs import exchange

OLD, NEW = (np.full((n, 4, 4, 1), value, np.uint8) for n, value in ((5, 10), (3, 200)))


def content(folder):
    return {p.name: int(np.asarray(Image.open(p))[0, 0]) for p in folder.rglob("*") if p.is_file()}


def of(shown):
    return {f"{i:06d}.png": int(pixels[0, 0, 0]) for i, pixels in enumerate(shown)}


@pytest.fixture(params=["exchange", "no exchange"])
def disk(request, monkeypatch):
    """A disk that can exchange two names, and one that cannot."""
    if request.param == "no exchange":
        for module in (exchange, picture_writing):
            monkeypatch.setattr(module, "exchanged", lambda *_: False)
    elif not can_exchange(request.getfixturevalue("tmp_path")):
        pytest.skip("this disk cannot exchange two names")
    return request.param


def can_exchange(folder):
    for name in "ab":
        (folder / name).mkdir()
    able = exchange.exchanged(folder / "a", folder / "b")
    for name in "ab":
        (folder / name).rmdir()
    return able


def test_a_new_folder_takes_the_place_of_an_old_one(disk, tmp_path):
    for shown in (OLD, NEW, OLD):
        write_folder(tmp_path / "pics", shown, None)
        assert content(tmp_path / "pics") == of(shown)
        assert os.listdir(tmp_path) == ["pics"]


@pytest.mark.parametrize("stop", range(12))
def test_killed_at_any_step_it_is_the_old_folder_or_the_new_one(disk, tmp_path, monkeypatch, stop):
    """Steps are saving a picture, renaming, exchanging and removing; each is tried as the one before which it dies."""
    pics = tmp_path / "pics"
    write_folder(pics, OLD, None)
    left = [stop]

    def counted(act):
        def acted(*arguments, **named):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*arguments, **named)

        return acted

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads, which this child has no use for
        child = os.fork()
    if not child:
        try:
            monkeypatch.setattr(Image.Image, "save", counted(Image.Image.save))
            monkeypatch.setattr(os, "rename", counted(os.rename))
            monkeypatch.setattr(shutil, "rmtree", counted(shutil.rmtree))
            for module in (exchange, picture_writing):
                monkeypatch.setattr(module, "exchanged", counted(module.exchanged))
            write_folder(pics, NEW, None)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] in (0, signal.SIGKILL)
    if disk == "no exchange":
        exchange.recover(pics)
    assert content(pics) in (of(OLD), of(NEW))
    write_folder(pics, NEW, None)
    assert content(pics) == of(NEW)
    assert os.listdir(tmp_path) == ["pics"]


def test_what_a_kill_set_aside_comes_back_where_folders_cannot_be_exchanged(tmp_path):
    pics, aside = tmp_path / "pics", tmp_path / ".pics.0123456789abcdef.replaced"
    write_folder(pics, OLD, None)
    os.rename(pics, aside)
    (tmp_path / ".pics.0123456789abcdef.partial").mkdir()
    exchange.recover(pics)
    assert content(pics) == of(OLD)


def test_leftovers_of_a_killed_call_are_never_mixed_in(tmp_path):
    for name in (".pics.partial", ".pics.0123456789abcdef.partial"):
        write_folder(tmp_path / "other", OLD, None)
        os.rename(tmp_path / "other", tmp_path / name)
    write_folder(tmp_path / "pics", NEW, None)
    assert content(tmp_path / "pics") == of(NEW)


def test_what_somebody_puts_there_meanwhile_is_not_lost(tmp_path, monkeypatch):
    pics = tmp_path / "pics"
    write_folder(pics, OLD, None)
    save = Image.Image.save

    def saved(*arguments, **named):
        save(*arguments, **named)
        (pics / "notes.txt").write_text("mine")

    monkeypatch.setattr(Image.Image, "save", saved)
    with pytest.raises(Refused, match="must be new, or hold nothing but earlier samples"):
        write_folder(pics, NEW, None)
    assert (pics / "notes.txt").read_text() == "mine"
    assert len(os.listdir(pics)) == len(OLD) + 1
    assert os.listdir(tmp_path) == ["pics"]


@pytest.mark.parametrize("what", ["text", "picture", "link", "linked folder", "file"])
def test_nothing_but_earlier_samples_is_replaced(tmp_path, what):
    pics = tmp_path / "pics"
    write_folder(tmp_path / "others", OLD, None)
    if what == "file":
        pics.write_text("mine")
    else:
        write_folder(pics, OLD, None)
    if what == "text":
        (pics / ".hidden").write_text("mine")
    elif what == "picture":
        Image.fromarray(OLD[0, ..., 0]).save(pics / "000009.png")
    elif what == "link":
        (pics / "000009.png").symlink_to(tmp_path / "others" / "000000.png")
    elif what == "linked folder":
        (pics / "more").symlink_to(tmp_path / "others")
    with pytest.raises(Refused, match="must be new, or hold nothing but earlier samples"):
        write_folder(pics, NEW, None)
    assert content(tmp_path / "others") == of(OLD)


def test_a_link_of_the_users_stays_a_link(tmp_path):
    write_folder(tmp_path / "disk", OLD, None)
    (tmp_path / "pics").symlink_to("disk")
    write_folder(tmp_path / "pics", NEW, None)
    assert (tmp_path / "pics").is_symlink()
    assert content(tmp_path / "disk") == of(NEW)


def test_the_folder_one_is_in_is_not_taken_away(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match="is the one that you are in"):
        write_folder(tmp_path, NEW, None)
