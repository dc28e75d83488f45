"""Pictures wherever they lie: behind links, under any name, several in one file, in archives; what is left is said."""

import io
import os
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

import pushforward as pf
from pushforward.data import load, load_like
from pushforward.data.raw import directory_walk as walking
from pushforward.errors import Refused
from pushforward.runs import file_errors as reading

FORMS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "BMP": ".bmp", "TIFF": ".tif", "WEBP": ".webp", "PPM": ".ppm",
         "AVIF": ".avif", "JPEG2000": ".jp2"}  # fmt: skip


def colour(seed, size=(8, 8)):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8))


def fill(place, n=12, ending=".png", form="PNG", start=0):
    place.mkdir(parents=True, exist_ok=True)
    for i in range(start, start + n):
        colour(i).save(place / f"{i:03d}{ending}", form)
    return place


def count(data):
    return len(data.train) + len(data.validation) + len(data.test)


def rows(data):
    """Every picture, in one order."""
    parts = [data.codec.decode(p.all()._replace(label=None)) for p in (data.train, data.validation, data.test)]
    return sorted(row.tobytes() for row in np.concatenate(parts))


class TestLinks:
    @pytest.fixture
    def store(self, tmp_path):
        fill(tmp_path / "store/a")
        fill(tmp_path / "store/b", start=50)
        return tmp_path / "store"

    def test_to_class_folders_are_followed(self, store, tmp_path):
        (tmp_path / "linked").mkdir()
        for name in "ab":
            (tmp_path / "linked" / name).symlink_to(store / name)
        data = load(tmp_path / "linked")
        assert rows(data) == rows(load(store))
        assert data.space.classes == ("a", "b")
        assert "Links to folders are followed: 2." in data.notes

    def test_beside_folders_and_to_files_are_followed(self, store, tmp_path):
        half = fill(tmp_path / "half/a")
        (half.parent / "b").symlink_to(store / "b")
        (half / "more.png").symlink_to(store / "b" / "050.png")
        assert count(load(half.parent)) == 25

    def test_that_lead_in_circles_are_cut_and_said(self, store):
        (store / "a" / "up").symlink_to(store)
        (store / "a" / "self").symlink_to(store / "a" / "self")
        (store / "b" / "gone.png").symlink_to(store / "nothing.png")
        data = load(store)
        assert count(data) == 24
        assert "Links back to a folder that holds them are skipped: 1 (a/up)." in data.notes
        assert "Links that lead nowhere are skipped: 2 (a/self, b/gone.png)." in data.notes

    def test_that_multiply_without_end_are_refused(self, tmp_path, monkeypatch):
        """Eight folders, each twice in the one before: 2^8 ways."""
        monkeypatch.setattr(walking, "LINKED", 100)
        for i in range(8):
            (tmp_path / f"chain/{i}").mkdir(parents=True)
            for name in "xy" if i else ():
                (tmp_path / f"chain/{i - 1}/{name}").symlink_to(tmp_path / f"chain/{i}")
        with pytest.raises(Refused, match="more than 100 folders"):
            load(tmp_path / "chain/0")

    def test_pipes_are_not_waited_for(self, store):
        os.mkfifo(store / "a" / "pipe.png")
        data = load(store)
        assert count(data) == 24
        assert any("Pipes, sockets and devices are skipped: 1 (a/pipe.png)." in note for note in data.notes)

    def test_hidden_files_are_counted(self, store):
        (store / ".thumbnails").mkdir()
        (store / "a" / ".x.png").write_bytes(b"")
        (store / ".DS_Store").write_bytes(b"")
        notes = load(store).notes
        assert "Hidden files and folders are skipped: 2 (.thumbnails, a/.x.png)." in notes


class TestContent:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("ending", ["", ".jfif", ".dat", ".PNG"])
    def test_says_what_a_file_is(self, form, ending, tmp_path):
        fill(tmp_path / "right", 20, FORMS[form], form)
        fill(tmp_path / "wrong", 20, ending, form)
        right, wrong = load(tmp_path / "right", size=8), load(tmp_path / "wrong", size=8)
        assert rows(right) == rows(wrong)
        assert right.content_hash == wrong.content_hash

    def test_of_other_kinds_is_counted_and_said(self, tmp_path):
        fill(tmp_path / "a", 20)
        others = {
            "a.txt": b"BM: 12 points",
            "b.txt": b"P1 is first",
            "photo.nef": b"II*\0" + bytes(60),
            "Makefile": b"",
        }
        others |= {"c.pdf": b"%PDF-1.4", "d.heic": b"\0\0\0\x18ftypheic", "e.npy": b"\x93NUMPY", "Makefile": b""}
        for name, content in others.items():
            (tmp_path / "a" / name).write_bytes(content)
        data = load(tmp_path / "a")
        assert count(data) == 20
        said = "Files that are no images are skipped: 1 .heic, 1 .nef, 1 .npy, 1 .pdf, 2 .txt, 1 no ending."
        assert said in data.notes

    def test_too_large_to_unpack_is_one_sentence(self, tmp_path, monkeypatch):
        fill(tmp_path / "a", 20)
        colour(0, (40, 40)).save(tmp_path / "a" / "bomb.png")
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 700)
        with pytest.raises(Refused, match=r"bomb\.png would unpack to more than 1,400 pixels.*--skip-corrupt"):
            load(tmp_path / "a")
        assert count(load(tmp_path / "a", skip_corrupt=True)) == 20


def animation(path, form, n=5, seed=0, **options):
    first, *more = [colour(seed + i) for i in range(n)]
    first.save(path, form, save_all=True, append_images=more, duration=50, **options)


class TestSeveralInOneFile:
    def test_pages_of_tiff_are_pictures(self, tmp_path):
        (tmp_path / "paged").mkdir()
        first, *more = [colour(i) for i in range(30)]
        first.save(tmp_path / "paged" / "a.tif", save_all=True, append_images=more)
        data, single = load(tmp_path / "paged", size=8), load(fill(tmp_path / "single", 30), size=8)
        assert rows(data) == rows(single)
        assert "All 30 pictures in files of paged that hold several (1) are taken." in data.notes
        assert rows(load(tmp_path / "paged" / "a.tif", size=8)) == rows(single)

    def test_reduced_copies_inside_tiff_are_no_pictures(self, tmp_path):
        fill(tmp_path / "a", 20)
        small = TiffImagePlugin.ImageFileDirectory_v2()
        small[254] = 1
        with TiffImagePlugin.AppendingTiffWriter(tmp_path / "a" / "p.tif", True) as out:
            colour(99).save(out, "TIFF")
            out.newFrame()
            colour(98, (4, 4)).save(out, "TIFF", tiffinfo=small)
        data = load(tmp_path / "a", native=True)
        assert count(data) == 21
        assert "Pages of a that are reduced copies or masks of others are skipped: 1." in data.notes

    @pytest.mark.parametrize(("form", "ending"), [("GIF", ".gif"), ("WEBP", ".webp"), ("PNG", ".png")])
    def test_of_an_animation_the_first_is_taken_or_all(self, form, ending, tmp_path):
        lossless = {"lossless": True} if form == "WEBP" else {}
        (tmp_path / "moving").mkdir()
        for i in range(20):
            animation(tmp_path / "moving" / f"{i:02d}{ending}", form, seed=10 * i, **lossless)
        first, every = load(tmp_path / "moving", size=8), load(tmp_path / "moving", size=8, frames="all")
        assert (count(first), count(every)) == (20, 100)
        assert any(
            "Of 20 animations of moving the first picture is taken, 80 later ones are left out" in n
            for n in first.notes
        )
        assert "All 100 pictures in files of moving that hold several (20) are taken." in every.notes
        if form != "GIF":  # whose palette is smaller
            expected = [np.asarray(colour(10 * i + k)) for i in range(20) for k in range(5)]
            assert rows(every) == sorted(x.tobytes() for x in expected)
            assert rows(first) == sorted(x.tobytes() for x in expected[::5])
        assert len(load_like(every, tmp_path / "moving").x) == 100
        assert every.spec["frames"] == "all"

    def test_labels_go_with_every_page(self, tmp_path):
        for seed, name in enumerate("ab"):
            (tmp_path / "c" / name).mkdir(parents=True)
            for i in range(4):
                animation(tmp_path / "c" / name / f"{i}.gif", "GIF", n=3 + seed, seed=100 * seed + 10 * i)
        data = load(tmp_path / "c", frames="all")
        labels = np.concatenate([p.all().label for p in (data.train, data.validation, data.test)])
        assert np.bincount(labels).tolist() == [12, 16]

    def test_are_of_pictures_alone(self):
        with pytest.raises(Refused, match="frames of load is for images"):
            load("ring", frames="all")


def packed(path, folder, within=""):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(folder.rglob("*")):
                archive.write(file, within + str(file.relative_to(folder)))
    else:
        with tarfile.open(path, f"w:{path.suffix[1:].replace('tar', '').replace('tgz', 'gz')}") as archive:
            archive.add(folder, within or ".")
    return path


class TestArchives:
    @pytest.fixture
    def folder(self, tmp_path):
        for part in ("train", "test"):
            fill(tmp_path / "photos" / part / "a", start=100 * (part == "test"))
            fill(tmp_path / "photos" / part / "b", start=50 + 100 * (part == "test"))
        (tmp_path / "photos" / "notes.txt").write_text("hello")
        colour(77).save(tmp_path / "photos/train/a/odd.bin", "JPEG")
        return tmp_path / "photos"

    @pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"])
    @pytest.mark.parametrize("within", ["", "photos/"])
    def test_are_read_as_the_folder_they_unpack_to(self, ending, within, folder, tmp_path):
        (folder / "notes.txt").unlink()
        packing = packed(tmp_path / f"photos{ending}", folder, within)
        data, direct = load(packing, size=8), load(folder, size=8)
        assert data.name == direct.name == "photos"
        assert data.content_hash == direct.content_hash
        assert data.space.classes == ("a", "b")
        assert len(data.test) == 24
        assert sorted(os.listdir(tmp_path)) == sorted(["photos", packing.name])
        assert len(load_like(data, packing).x) == count(direct)

    def test_say_what_they_leave_out(self, folder, tmp_path):
        with zipfile.ZipFile(packed(tmp_path / "photos.zip", folder), "a") as archive:
            archive.writestr("__MACOSX/train/._a.png", b"x")
            link = zipfile.ZipInfo("train/a/link.png")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
        notes = load(tmp_path / "photos.zip").notes
        assert "Files that are no images are skipped: 1 .txt." in notes
        assert "Links inside of photos.zip are skipped: 1." in notes

    def test_serve_score_and_compare(self, folder, tmp_path):
        fill(tmp_path / "fake", 40, start=500)
        real, fake = packed(tmp_path / "real.zip", folder), packed(tmp_path / "fake.zip", tmp_path / "fake")
        asked = {"metrics": "energy", "floor": False, "classes": False}
        found, direct = pf.score(real, fake, **asked), pf.score(folder, tmp_path / "fake", **asked)
        assert found["energy"].value == direct["energy"].value
        assert found.skipped_files == ("Files that are no images are skipped: 1 .txt.",)
        ranked = pf.compare(real, {"one": fake, "two": tmp_path / "fake"})
        assert ranked.sizes == {"one": 40, "two": 40}

    @pytest.mark.parametrize("name", ["../out.png", "/etc/out.png", "a/../../out.png", "..\\out.png", "C:/out.png"])
    def test_that_name_files_outside_of_themselves_are_refused(self, name, tmp_path):
        content = io.BytesIO()
        colour(0).save(content, "PNG")
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(name, content.getvalue())
        with tarfile.open(tmp_path / "a.tar", "w") as archive:
            info = tarfile.TarInfo(name.replace("\\", "/"))
            info.size = len(content.getvalue())
            archive.addfile(info, io.BytesIO(content.getvalue()))
        for ending in (".zip", ".tar"):
            with pytest.raises(Refused, match="names a file outside of itself"):
                load(tmp_path / f"a{ending}")

    @pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
    def test_bombs_are_refused(self, ending, folder, tmp_path, monkeypatch):
        (folder / "zeros.png").write_bytes(bytes(2**22))
        monkeypatch.setattr(reading, "UNPACKED", 2**20)
        path = tmp_path / f"a{ending}"
        if ending == ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(folder / "zeros.png", "zeros.png")
        else:
            packed(path, folder)
            monkeypatch.setattr(reading, "RATIO", 3)
        with pytest.raises(Refused, match="would unpack to .* bytes from"):
            load(path)

    def test_that_are_none_or_locked_are_refused(self, folder, tmp_path):
        (tmp_path / "a.zip").write_bytes(b"PK but no archive")
        (tmp_path / "a.tar").write_bytes(b"no archive either" * 100)
        (tmp_path / "a.tgz").write_bytes(b"nor this")
        for ending in (".zip", ".tar", ".tgz"):
            with pytest.raises(Refused, match="cannot be read as an archive"):
                load(tmp_path / f"a{ending}")
        (tmp_path / "texts").mkdir()
        (tmp_path / "texts" / "a.txt").write_text("hello")
        with pytest.raises(Refused, match=r"holds no images among its 1 files \(1 \.txt\)"):
            load(packed(tmp_path / "texts.zip", tmp_path / "texts"))
        content = bytearray(packed(tmp_path / "locked.zip", folder).read_bytes())
        for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the bit that says encrypted
            start = -1
            while (start := content.find(sign, start + 1)) >= 0:
                content[start + at] |= 1
        (tmp_path / "locked.zip").write_bytes(content)
        with pytest.raises(Refused, match="is encrypted"):
            load(tmp_path / "locked.zip")
