import io
import json
import os

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from pushforward.data import Codec, load, load_like
from pushforward.data.parts.stored import MappedPart
from pushforward.data.raw import memory as module
from pushforward.data.readers.image_file import Picture, Reel
from pushforward.errors import Refused
from pushforward.spaces import Image as Space

RNG = np.random.default_rng(2)


def colour(h=40, w=40):
    return RNG.integers(0, 256, (h, w, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path):
    """Twenty-four colour PNGs of 32 × 32."""
    place = tmp_path / "photos"
    place.mkdir()
    for i in range(24):
        Image.fromarray(colour(32, 32)).save(place / f"{i:02d}.png")
    return place


def pixels(data):
    parts = [p.all() for p in (data.train, data.validation, data.test)]
    return data.codec.decode(parts[0]._replace(x=torch.cat([p.x for p in parts]), label=None))


def as_set(x):
    return {row.tobytes() for row in np.ascontiguousarray(x)}


def test_pixels_are_those_of_the_files(folder):
    data = load(folder)
    assert data.space == Space(3, 32, 32)
    assert data.name == "photos"
    assert as_set(pixels(data)) == as_set(np.stack([np.asarray(Image.open(f)) for f in folder.iterdir()]))
    assert Codec.from_json(json.loads(json.dumps(data.codec.to_json()))) == data.codec


def test_what_is_written_reads_back(folder, tmp_path):
    data = load(folder)
    batch = data.test.all()
    assert data.codec.suffix == ""
    data.codec.write(batch, tmp_path / "new/out")
    assert sorted(os.listdir(tmp_path / "new/out")) == [f"{i:06d}.png" for i in range(len(batch.x))]
    assert torch.allclose(data.codec.read(tmp_path / "new/out").x, batch.x, atol=1e-6)
    with pytest.raises(Refused, match="choose another name"):
        data.codec.write(batch, folder)
    for ending in (".npz", ".npy", ".parquet"):
        data.codec.write(batch, tmp_path / f"out{ending}")
        assert torch.allclose(data.codec.read(tmp_path / f"out{ending}").x, batch.x, atol=1e-6)


def test_only_earlier_samples_are_replaced(folder, tmp_path):
    data, out = load(folder), tmp_path / "out"
    data.codec.write(data.train.all(), out)
    data.codec.write(data.test.all(), out)
    assert len(list(out.iterdir())) == len(data.test)
    Image.fromarray(colour()).save(out / "000003.png")
    with pytest.raises(Refused, match="choose another name"):
        data.codec.write(data.test.all(), out)
    assert len(list(out.iterdir())) == len(data.test)


def test_a_full_disk_leaves_no_half_folder(folder, tmp_path, monkeypatch):
    data, saved = load(folder), Image.Image.save

    def full(self, path, **rest):
        if path.name == "000002.png":
            raise OSError(28, "No space left on device")
        saved(self, path, **rest)

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(Refused, match="disk is full"):
        data.codec.write(data.test.all(), tmp_path / "out")
    assert sorted(os.listdir(tmp_path)) == ["photos"]


class TestModes:
    """Whatever the file, the picture is upright, opaque, RGB and of 8 bits."""

    def read(self, tmp_path, image, name="a.png", **options):
        image.save(tmp_path / name, **options)
        return np.asarray(Picture(str(tmp_path / name), tmp_path / name).upright(8))

    def test_transparency_is_white(self, tmp_path):
        x = np.zeros((4, 4, 4), np.uint8)
        x[0, 0] = (10, 20, 30, 255)
        x[1, 1] = (0, 0, 0, 128)
        found = self.read(tmp_path, Image.fromarray(x))
        assert found[0, 0].tolist() == [10, 20, 30]
        assert found[1, 1].tolist() == [127, 127, 127]
        assert found[2, 2].tolist() == [255, 255, 255]

    def test_gray_with_transparency(self, tmp_path):
        x = np.zeros((4, 4, 2), np.uint8)
        x[0, 0] = (99, 255)
        bands = [Image.fromarray(np.ascontiguousarray(x[..., i])) for i in (0, 1)]
        found = self.read(tmp_path, Image.merge("LA", bands))
        assert found[0, 0].tolist() == [99] * 3
        assert found[3, 3].tolist() == [255] * 3

    def test_palette(self, tmp_path):
        image = Image.new("P", (4, 4))
        image.putpalette([0, 0, 0, 200, 100, 50] + [0] * 762)
        image.putpixel((0, 0), 1)
        assert self.read(tmp_path, image)[0, 0].tolist() == [200, 100, 50]
        assert self.read(tmp_path, image, transparency=0)[1, 1].tolist() == [255] * 3

    def test_one_bit(self, tmp_path):
        found = self.read(tmp_path, Image.fromarray(np.eye(4) > 0))
        assert np.array_equal(found[..., 1], np.eye(4) * 255)

    def test_cmyk(self, tmp_path):
        found = self.read(tmp_path, Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "a.jpg")
        assert abs(found[8, 8].astype(int) - [255, 0, 0]).max() <= 3  # JPEG

    def test_turned_by_the_camera(self, tmp_path):
        x = np.zeros((2, 4, 3), np.uint8)
        x[0, 0] = 255
        exif = Image.Exif()
        exif[0x0112] = 6  # the top of the picture is on the right of the file's
        found = self.read(tmp_path, Image.fromarray(x), exif=exif)
        assert found.shape == (4, 2, 3)
        assert found[0, 1].tolist() == [255] * 3
        assert Picture("a", tmp_path / "a.png").header.size == (2, 4)

    def test_formats_that_call_other_programs_are_no_images(self, tmp_path):
        (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n")
        with pytest.raises(Refused, match=r"a\.png cannot be read as an image"):
            Picture("a.png", tmp_path / "a.png").upright(8)

    def test_floats_are_refused(self, tmp_path):
        with pytest.raises(Refused, match="floating-point"):
            self.read(tmp_path, Image.fromarray(np.ones((4, 4), np.float32)), "a.tif")

    def test_integers_beyond_sixteen_bits_are_refused(self, tmp_path):
        Image.fromarray(np.array([[0, 70000]], np.int32)).save(tmp_path / "a.tif")
        with Reel() as reel, pytest.raises(Refused, match="0 to 70000"):
            reel.values(Picture("a.tif", tmp_path / "a.tif"))

    def test_large_photographs_are_not_reduced_below_what_is_needed(self, tmp_path):
        found = self.read(tmp_path, Image.fromarray(colour(200, 400)), "a.jpg")
        assert min(found.shape[:2]) >= 3 * 8


class TestSizes:
    @pytest.mark.parametrize(("shorter", "side"), [(10, 28), (29, 28), (31, 32), (40, 32), (50, 64), (500, 64)])
    def test_default_is_the_nearest(self, tmp_path, shorter, side):
        for i in range(20):
            sides = (shorter, shorter + 7)[:: 1 if i % 2 else -1]
            Image.fromarray(colour(*sides)).save(tmp_path / f"{i}.png")
        data = load(tmp_path)
        assert data.space.shape == (3, side, side)
        assert any(f"{shorter} pixels are resized to {side} × {side}, the nearest" in note for note in data.notes)

    def test_asked_for(self, folder):
        data = load(folder, size=8)
        assert data.space.shape == (3, 8, 8)
        assert data.codec.read(folder).x.shape == (24, 3, 8, 8)
        assert data.spec == {"spec": str(folder), "size": 8}

    def test_crop_or_squeeze(self, tmp_path):
        for i in range(20):
            x = np.zeros((16, 48, 3), np.uint8)
            x[:, 16:32] = (0, 200, i)
            Image.fromarray(x).save(tmp_path / f"{i}.png")
        cut, squeezed = load(tmp_path, size=16, crop=True), load(tmp_path, size=16)
        assert (pixels(cut)[..., 1] == 200).all()
        assert (pixels(squeezed)[:, 8, 1] < 30).all()
        assert any("the centre is cut out" in note for note in cut.notes)
        assert any("are squeezed" in note for note in squeezed.notes)

    def test_reduction_averages_what_it_hides(self, tmp_path):
        # A fine chequerboard is gray from afar: a filter that skipped pixels would leave black or white.
        board = np.indices((64, 64)).sum(0) % 2 * 255
        for i in range(20):
            x = board.astype(np.uint8)
            x[:8, :8] = i
            Image.fromarray(x).save(tmp_path / f"{i}.png")
        assert abs(pixels(load(tmp_path, size=8))[:, 4:, 4:].astype(int) - 127).max() <= 2


class TestColour:
    def test_gray_if_all_are(self, tmp_path):
        for i in range(20):
            x = RNG.integers(0, 256, (28, 28), dtype=np.uint8)
            image = Image.fromarray(x)
            (image if i % 2 else image.convert("RGB")).save(tmp_path / f"{i}.png")
        data = load(tmp_path)
        assert data.space == Space(1, 28, 28)
        assert data.codec.decode(data.test.all()).shape[1:] == (28, 28, 1)
        assert load(tmp_path, gray=False).space == Space(3, 28, 28)
        data.codec.write(data.test.all(), tmp_path / "out")
        with Image.open(tmp_path / "out/000000.png") as image:
            assert image.mode == "L"

    def test_one_in_colour_makes_all_so(self, folder):
        Image.fromarray(np.zeros((32, 32), np.uint8)).save(folder / "gray.png")
        assert load(folder).space.channels == 3

    def test_asked_for(self, folder):
        data = load(folder, gray=True)
        expected = np.stack([np.asarray(Image.open(f).convert("L")) for f in folder.iterdir()])[..., None]
        assert as_set(pixels(data)) == as_set(expected)
        assert data.codec.read(folder).x.shape == (24, 1, 32, 32)

    def test_colour_against_gray_data_is_refused(self, folder, tmp_path):
        gray = load(RNG.integers(0, 256, (20, 32, 32), dtype=np.uint8))
        with pytest.raises(Refused, match="gray=False"):
            gray.codec.read(folder)


class TestFolders:
    def fill(self, *places, count=10):
        for place in places:
            place.mkdir(parents=True, exist_ok=True)
            for i in range(count):
                Image.fromarray(colour(28, 28)).save(place / f"{i}.png")

    def test_classes(self, tmp_path):
        self.fill(tmp_path / "cat/deep", tmp_path / "ant", tmp_path / "bee")
        data = load(tmp_path)
        assert data.space.classes == ("ant", "bee", "cat")
        whole = torch.cat([p.all().label for p in (data.train, data.validation, data.test)])
        assert whole.bincount().tolist() == [10, 10, 10]
        data.codec.write(data.test.all(), tmp_path / "out")
        assert torch.equal(data.codec.read(tmp_path / "out").label, data.test.all().label.sort().values)
        data.codec.write(data.test.all(), tmp_path / "out.parquet")
        assert torch.equal(data.codec.read(tmp_path / "out.parquet").label, data.test.all().label)

    def test_one_folder_is_no_class(self, tmp_path):
        self.fill(tmp_path / "all", count=20)
        assert load(tmp_path).space.classes == ()

    def test_images_outside_of_classes(self, tmp_path):
        self.fill(tmp_path, tmp_path / "a", tmp_path / "b")
        data = load(tmp_path)
        assert data.space.classes == ()
        assert any("outside" in note for note in data.notes)

    def test_train_and_test(self, tmp_path):
        self.fill(tmp_path / "train/a", tmp_path / "train/b", tmp_path / "test/a", tmp_path / "test/b")
        data = load(tmp_path)
        assert data.space.classes == ("a", "b")
        assert (len(data.train), len(data.validation), len(data.test)) == (17, 3, 20)
        inside = np.stack([np.asarray(Image.open(f)) for f in (tmp_path / "test").rglob("*.png")])
        assert as_set(data.codec.decode(data.test.all())) == as_set(inside)

    def test_validation_too(self, tmp_path):
        self.fill(tmp_path / "train", tmp_path / "val", tmp_path / "test", count=20)
        data = load(tmp_path)
        assert (len(data.train), len(data.validation), len(data.test)) == (20, 20, 20)
        assert data.space.classes == ()

    def test_hidden_and_other_files_are_skipped(self, folder):
        (folder / ".hidden.png").write_bytes(b"no image")
        (folder / ".cache").mkdir()
        (folder / ".cache/a.png").write_bytes(b"no image")
        (folder / "notes.txt").write_text("hello")
        (folder / "more").write_text("hello")
        data = load(folder)
        assert len(data.train) + len(data.validation) + len(data.test) == 24
        assert "Files that are no images are skipped: 1 .txt, 1 no ending." in data.notes

    def test_hash_is_of_the_pictures(self, folder, tmp_path):
        before = load(folder).content_hash
        folder.rename(tmp_path / "moved")
        assert load(tmp_path / "moved").content_hash == before
        Image.fromarray(colour(32, 32)).save(tmp_path / "moved/00.png")
        assert load(tmp_path / "moved").content_hash != before

    def test_classes_with_signs_become_folders(self, tmp_path):
        data = load((RNG.integers(0, 256, (20, 8, 8), dtype=np.uint8), np.array(["a/b", ".."] * 10)))
        data.codec.write(data.train.all(), tmp_path / "out")
        assert sorted(os.listdir(tmp_path / "out")) == ["%2E%2E", "a%2Fb"]

    def test_larger_than_memory(self, folder, monkeypatch):
        before = load(folder)
        monkeypatch.setattr(module, "IN_MEMORY", 0)
        disk = load(folder)
        assert isinstance(disk.train, MappedPart)
        assert torch.equal(disk.train.all().x, before.train.all().x)
        assert disk.content_hash == before.content_hash


class TestRefused:
    def test_truncated(self, folder):
        path = folder / "07.png"
        path.write_bytes(path.read_bytes()[:1000])
        with pytest.raises(Refused, match=r"07\.png cannot be read as an image"):
            load(folder)

    def test_truncated_jpeg(self, folder):
        Image.fromarray(colour(200, 200)).save(folder / "x.jpg")
        (folder / "x.jpg").write_bytes((folder / "x.jpg").read_bytes()[:4000])
        with pytest.raises(Refused, match=r"x\.jpg cannot be read as an image.*truncated"):
            load(folder)

    @pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
    def test_no_image_at_all(self, folder, content):
        (folder / "bad.png").write_bytes(content)
        with pytest.raises(Refused, match=r"bad\.png cannot be read as an image"):
            load(folder)

    def test_empty_folder(self, tmp_path):
        with pytest.raises(Refused, match="is empty"):
            load(tmp_path)

    def test_folder_of_other_files(self, tmp_path):
        for name in ("a.txt", "b.txt", "c.md", "Makefile"):
            (tmp_path / name).write_text("hello")
        with pytest.raises(Refused, match=r"no images among its 4 files \(1 \.md, 2 \.txt, 1 no ending\)"):
            load(tmp_path)

    def test_too_few(self, tmp_path):
        Image.fromarray(colour()).save(tmp_path / "a.png")
        with pytest.raises(Refused, match="at least 20 rows.*got 1;"):
            load(tmp_path)

    def test_all_the_same(self, tmp_path):
        for i in range(20):
            Image.new("RGB", (28, 28)).save(tmp_path / f"{i}.png")
        with pytest.raises(Refused, match="must vary"):
            load(tmp_path)

    def test_folder_that_may_not_be_listed(self, folder, monkeypatch):
        (folder / "locked").mkdir()
        listed = os.scandir

        def scandir(path):
            if str(path).endswith("locked"):
                raise PermissionError(13, "Permission denied", str(path))
            return listed(path)

        monkeypatch.setattr(os, "scandir", scandir)
        with pytest.raises(Refused, match="locked cannot be listed: Permission denied"):
            load(folder)

    def test_file_that_may_not_be_read(self, folder, monkeypatch):
        def refuse(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Image, "open", refuse)
        with pytest.raises(Refused, match=r"00\.png may not be read by you"):
            load(folder)

    def test_options_that_name_columns(self, folder):
        with pytest.raises(Refused, match="labels of load"):
            load(folder, labels="kind")
        with pytest.raises(Refused, match="80/10/10"):
            load(folder, split="fold")


def test_signs(shared_data, tmp_path):
    data = load(shared_data / "gtsrb64.parquet")
    assert data.space.shape == (3, 64, 64)
    assert len(data.space.classes) == 43
    rows = data.train.all(50)
    data.codec.write(rows, tmp_path / "a.parquet")
    found = data.codec.read(tmp_path / "a.parquet")
    assert torch.allclose(found.x, rows.x, atol=1e-6)
    assert torch.equal(found.label, rows.label)
    # row sums of what Pillow decodes, in whatever order
    rows = pd.read_parquet(shared_data / "gtsrb64.parquet", columns=["image"])["image"]
    direct = sorted(int(np.asarray(Image.open(io.BytesIO(row["bytes"]))).sum()) for row in rows[:300])
    sums = {
        int(np.asarray(row).sum())
        for part in (data.train, data.validation, data.test)
        for row in data.codec.show(part.all())
    }
    assert set(direct) <= sums


class TestPictureTables:
    def table(self, path, n=20, **columns):
        import pyarrow as pa
        import pyarrow.parquet as pq

        data = load(RNG.integers(0, 256, (n, 28, 28, 3), dtype=np.uint8))
        data.codec.write(data.codec.encode(pixels(data)), path)
        table = pq.read_table(path)
        for name, values in columns.items():
            table = table.append_column(
                name, pa.array(values, type=table.schema.field("image").type if name == "other" else None)
            )
        pq.write_table(table, path)
        return path

    def test_labels_and_split_by_name(self, tmp_path):
        kind, part = ["b", "a"] * 10, ["train"] * 12 + ["test"] * 8
        path = self.table(tmp_path / "a.parquet", kind=kind, part=part, extra=[1] * 20)
        data = load(path, labels="kind", split="part")
        assert data.space.classes == ("a", "b")
        assert len(data.test) == 8
        assert any("not used: extra" in note for note in data.notes)

    def test_wrong_names(self, tmp_path):
        path = self.table(tmp_path / "a.parquet")
        with pytest.raises(Refused, match="no column 'kind'; it has image"):
            load(path, labels="kind")

    def test_missing_images(self, tmp_path):
        path = self.table(tmp_path / "a.parquet")
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows = pq.read_table(path).column("image").to_pylist()
        rows[4] = None
        pq.write_table(pa.table({"image": pa.array(rows)}), path)
        with pytest.raises(Refused, match="row 4 has no image"):
            load(path)

    def test_two_columns(self, tmp_path):
        path = self.table(tmp_path / "a.parquet", other=[{"bytes": b"", "path": "x"}] * 20)
        with pytest.raises(Refused, match="one column of images, got image, other"):
            load(path)

    def test_damaged(self, tmp_path):
        path = self.table(tmp_path / "a.parquet")
        path.write_bytes(path.read_bytes()[:500])
        with pytest.raises(Refused, match="cannot be read as a Parquet table"):
            load(path)


def test_a_threshold_makes_pictures_black_and_white():
    x = np.arange(40 * 4, dtype=np.uint8).reshape(40, 2, 2)
    data = load(x, threshold=0.3)
    every = np.concatenate([np.asarray(p.all().x) for p in (data.train, data.validation, data.test)])
    assert set(np.unique(every)) == {-1.0, 1.0}
    assert (every == 1).sum() == (x > 0.3 * 255).sum()
    assert set(np.unique(data.codec.decode(data.train.all()))) == {0, 255}
    other = load_like(data, x[:3])
    assert (other.x == -1).all()
    assert any("black" in note for note in data.notes)


@pytest.mark.parametrize(("spec", "value", "said"), [("ring", 0.5, "is for images"), ("digits", 1.0, r"in \[0, 1\)")])
def test_a_threshold_that_means_nothing_is_refused(spec, value, said):
    with pytest.raises(Refused, match=said):
        load(spec, threshold=value)


def test_pictures_drawn_by_their_grey_values_are_black_and_white():
    """White in the share that the grey value says, within five standard errors; alike wherever a picture stands."""
    x = np.random.default_rng(0).integers(0, 256, (50, 20, 20), dtype=np.uint8)
    x[:, 0], x[:, 1] = 0, 255
    data = load(x, binarise=True)
    drawn = np.concatenate(list(data.codec.encoded(x, 7)))[:, 0]
    assert set(np.unique(drawn)) == {-1.0, 1.0}
    assert (drawn[:, 0] == -1).all()
    assert (drawn[:, 1] == 1).all()
    p = x / 255
    assert abs((drawn == 1).sum() - p.sum()) < 5 * (p * (1 - p)).sum() ** 0.5
    assert abs(((drawn == 1) * p).sum() - (p * p).sum()) < 5 * (p**3 * (1 - p)).sum() ** 0.5
    np.testing.assert_array_equal(load_like(data, x[30:33]).x[:, 0], drawn[30:33])
    again = data.codec.encode(data.codec.decode(load_like(data, x)))  # black and white pictures stay what they are
    np.testing.assert_array_equal(again.x[:, 0], drawn)
    assert any("drawn white or black" in note for note in data.notes)


def test_two_ways_to_black_and_white_are_refused():
    with pytest.raises(Refused, match="both make pictures black and white"):
        load("digits", threshold=0.5, binarise=True)
    with pytest.raises(Refused, match="binarise of load is for images"):
        load("ring", binarise=True)


def test_images_of_one_shape_keep_it_and_any_height_and_width_can_be_asked_for(tmp_path):
    for i in range(24):
        Image.new("L", (90 + i % 2, 60), 10 * i).save(tmp_path / f"{i}.png")
    data = load(tmp_path)
    assert data.space.shape == (1, 64, 97)  # 64 times the median of 90/60 and 91/60
    assert any("the shape kept" in note for note in data.notes)
    assert not any("squeezed (" in note for note in data.notes)
    assert load(tmp_path, crop=True).space.shape == (1, 64, 64)
    for size, shape in (("30x45", (30, 45)), ("16×24", (16, 24)), ("12", (12, 12)), (20, (20, 20))):
        assert load(tmp_path, size=size).space.shape == (1, *shape)
    assert load(RNG.integers(0, 256, (24, 20, 30), dtype=np.uint8), size="10x15").space.shape == (1, 10, 15)
    Image.new("L", (60, 90)).save(tmp_path / "upright.png")
    assert load(tmp_path).space.shape == (1, 64, 64), "no shape to keep"


@pytest.mark.parametrize("size", [0, -3, "0x8", "8x0", "8x", "wide", "8x8x8", "8.5"])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(Refused, match="height and width such as 48x64, got"):
        load(np.zeros((24, 20, 30), np.uint8), size=size)
