import json
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pushforward.data import Codec, load
from pushforward.errors import Refused
from pushforward.runs import arrays
from pushforward.runs import file_errors as reading
from pushforward.spaces import Batch, Image, Vector

N = 40
RNG = np.random.default_rng(0)
BYTES = RNG.integers(0, 256, (N, 10, 12, 3), dtype=np.uint8)


def whole(data):
    """All rows as they came, in the order of the parts."""
    parts = [part.all() for part in (data.train, data.validation, data.test)]
    x = torch.cat([p.x for p in parts])
    label = None if parts[0].label is None else torch.cat([p.label for p in parts])
    return Batch(x, label)


def as_set(x):
    return sorted(np.round(row.astype(float), 4).tolist() for row in np.asarray(x).reshape(len(x), -1))


FORMS = {
    "bytes last": BYTES,
    "bytes first": np.moveaxis(BYTES, 3, 1).copy(),
    "gray bytes": BYTES[..., 0],
    "gray bytes last": BYTES[..., :1],
    "binary": (BYTES[..., 0] > 127).astype(np.uint8),
    "boolean": BYTES[..., 0] > 127,
    "16 bits": BYTES[..., 0].astype(np.uint16) * 257,
    "unit floats": (BYTES / 255).astype(np.float32),
    "signed floats": (BYTES / 127.5 - 1).astype(np.float64),
    "byte floats": BYTES.astype(np.float32),
    "half": (BYTES / 255).astype(np.float16),
    "int64 bytes": BYTES.astype(np.int64),
    "vectors": RNG.normal(size=(N, 5)).astype(np.float32),
    "vectors64": RNG.normal(size=(N, 5)),
    "far vectors": RNG.normal(size=(N, 3)) * [1e-3, 100, 1] + [5, 1000, 0],
    "integers": RNG.integers(-1000, 1000, (N, 4)),
    "small integers": RNG.integers(-100, 100, (N, 4), dtype=np.int8),
    "line": RNG.normal(size=N),
    "with a constant": np.stack([RNG.normal(size=N), np.full(N, 7.0)], 1),
    "flat pictures": BYTES.reshape(N, -1),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_you_gave_is_what_you_get_back(form):
    given = FORMS[form]
    data = load(given)
    back = data.codec.decode(whole(data))
    assert back.dtype == given.dtype
    assert back.shape == given.shape
    assert np.allclose(as_set(back), as_set(given), rtol=1e-5, atol=2e-4)
    if given.dtype.kind in "biu":
        assert as_set(back) == as_set(given)


@pytest.mark.parametrize("form", FORMS)
def test_batches_are_what_the_space_says(form):
    data = load(FORMS[form])
    batch = data.train.take(torch.tensor([3, 0]))
    assert batch.x.dtype == torch.float32
    assert batch.x.shape == (2, *data.space.shape)
    if data.space.range:
        assert batch.x.min() >= data.space.range[0]
        assert batch.x.max() <= data.space.range[1]


@pytest.mark.parametrize("form", FORMS)
def test_codecs_travel_as_json(form):
    codec = load(FORMS[form]).codec
    again = Codec.from_json(json.loads(json.dumps(codec.to_json())))
    assert again == codec
    x = load(FORMS[form]).test.all()
    assert np.array_equal(again.decode(x), codec.decode(x))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", [".npy", ".npz"])
def test_files_are_written_and_read_as_they_were(form, ending, tmp_path):
    np.savez(tmp_path / "in.npz", samples=FORMS[form], labels=np.arange(N) % 3)
    data = load(tmp_path / "in.npz")
    batch = data.test.all()
    data.codec.write(batch, tmp_path / f"sub/out{ending}")
    found = data.codec.read(tmp_path / f"sub/out{ending}")
    assert torch.allclose(found.x, batch.x, atol=1e-3)  # half precision has 11 bits
    if ending == ".npz":
        assert torch.equal(found.label, batch.label)
        with np.load(tmp_path / "sub/out.npz") as archive:
            assert set(archive.files) == {"samples", "labels"}
            assert archive["samples"].dtype == FORMS[form].dtype


def test_tensors_come_back_as_tensors():
    x = torch.randn(N, 3)
    back = load(x).codec.decode(whole(load(x)))
    assert isinstance(back, torch.Tensor)
    assert back.dtype == torch.float32
    assert load(x.bfloat16()).space == Vector(3)


def test_pictures_reach_from_minus_one_to_one():
    x = np.zeros((N, 4, 4), np.uint8)
    x[:, 0, 0], x[::2, 1, 1] = 255, 51
    data = load(x)
    assert data.space == Image(1, 4, 4)
    assert sorted(set(whole(data).x.flatten().tolist())) == pytest.approx([-1, -0.6, 1])


def test_pictures_are_shown_as_bytes_and_rows_as_numbers():
    data = load(FORMS["signed floats"])
    shown = data.codec.show(data.test.all())
    assert shown.dtype == np.uint8
    assert shown.shape[1:] == (10, 12, 3)
    assert as_set(shown) == as_set(np.rint((data.codec.decode(data.test.all()) + 1) * 127.5))
    rows = load(FORMS["far vectors"])
    assert np.allclose(rows.codec.show(rows.test.all()), rows.codec.decode(rows.test.all()))


def test_scales_near_one_are_left_alone_and_far_ones_standardised():
    near, far = load(RNG.normal(size=(200, 2)) * 2), load(RNG.normal(size=(200, 2)) * [1, 50])
    assert near.codec.standard.trivial
    x = far.train.all().x
    assert torch.allclose(x.mean(0), torch.zeros(2), atol=1e-6)
    assert torch.allclose(x.std(0, correction=0), torch.ones(2), atol=1e-6)
    assert any("standardised" in note for note in far.notes)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.floats(-1e5, 1e5), st.floats(1e-3, 1e5), st.integers(0, 2**31))
def test_rows_of_any_scale_round_trip(d, mean, std, seed):
    # u is float32, so a value errs by 2⁻²⁴ |u| std, and by the rounding of float64 at its mean.
    x = np.random.default_rng(seed).normal(mean, std, (30, d))
    data = load(x)
    back = data.codec.decode(data.codec.encode(x))
    assert np.allclose(back, x, rtol=1e-9, atol=2**-22 * 6 * max(std, 3))


class TestLabels:
    @pytest.mark.parametrize(
        "labels",
        [np.arange(N) % 3, np.array(["b", "a"] * (N // 2)), (np.arange(N) % 3).astype(np.uint8), np.arange(N) % 2 == 0,
         np.arange(N) % 12, (np.arange(N) % 2).astype(np.float32), np.array(["x", "y"] * (N // 2), dtype=object)],
    )  # fmt: skip
    def test_come_back_as_they_were(self, labels):
        x = np.arange(N, dtype=np.float64)[:, None]
        data = load((x, labels))
        batch = whole(data)
        assert batch.label.dtype == torch.int64
        rows = data.codec.decode(batch)[:, 0].round().astype(int)
        assert np.array_equal(data.codec.classes_of(batch), labels[rows])
        if labels.dtype.kind != "O":
            assert data.codec.classes_of(batch).dtype == labels.dtype

    def test_numbers_are_sorted_as_numbers(self):
        assert load((RNG.normal(size=(N, 2)), np.arange(N) % 11)).space.classes == tuple(map(str, range(11)))

    @pytest.mark.parametrize(
        ("labels", "reason"),
        [
            (np.eye(4)[np.arange(N) % 4], "argmax"),
            (RNG.normal(size=N), "continuous"),
            (np.arange(N - 1), "one a row"),
            (np.array([None, "a"] * (N // 2), dtype=object), "missing"),
            (np.where(np.arange(N) == 3, np.nan, 1.0), "missing"),
            (np.zeros(N, dtype=np.complex128), "numbers or words"),
        ],
    )
    def test_that_are_no_classes_are_refused(self, labels, reason):
        with pytest.raises(Refused, match=reason):
            load((RNG.normal(size=(N, 2)), labels))

    def test_unknown_ones_are_refused_by_encode_and_left_by_read(self, tmp_path):
        x = RNG.normal(size=(N, 2))
        data = load((x, np.arange(N) % 2))
        with pytest.raises(Refused, match="'7'"):
            data.codec.encode((x, np.full(N, 7)))
        np.savez(tmp_path / "other.npz", x=x, y=np.full(N, 7))
        assert data.codec.read(tmp_path / "other.npz").label is None

    def test_by_name_of_an_array(self, tmp_path):
        np.savez(tmp_path / "a.npz", x=RNG.normal(size=(N, 2)), kind=np.arange(N) % 2)
        assert load(tmp_path / "a.npz", labels="kind").space.classes == ("0", "1")
        with pytest.raises(Refused, match="kind, x"):
            load(tmp_path / "a.npz", labels="sort")


class TestParts:
    def test_of_the_file_are_kept(self, tmp_path):
        x = np.arange(100, dtype=np.float32)[:, None]
        np.savez(tmp_path / "a.npz", train_x=x[:70], train_y=np.zeros(70), test_x=x[70:], test_y=np.ones(30))
        data = load(tmp_path / "a.npz")
        assert set(data.codec.decode(data.test.all())[:, 0].round()) == set(range(70, 100))
        assert set(data.test.all().label.tolist()) == {1}
        assert len(data.validation) == round(0.15 * 70)

    def test_validation_of_the_file_is_kept(self, tmp_path):
        x = np.arange(100, dtype=np.float32)[:, None]
        np.savez(tmp_path / "a.npz", train_images=x[:50], validation_images=x[50:60], test_images=x[60:])
        data = load(tmp_path / "a.npz")
        assert (len(data.train), len(data.validation), len(data.test)) == (50, 10, 40)

    @pytest.mark.parametrize(
        ("arrays", "reason"),
        [
            ({"train_x": np.ones((30, 2)), "test_x": np.ones((30, 3))}, "one shape"),
            ({"train_x": np.ones((30, 2)), "test_x": np.ones((30, 2)), "train_y": np.ones(30)}, "some of its parts"),
            ({"train_x": np.ones((30, 2)), "x": np.ones((30, 2))}, "it holds train_x, x"),
            ({"test_x": np.ones((30, 2)), "data": np.ones((30, 2))}, "it holds data, test_x"),
            ({"arr_0": np.ones((30, 2)), "arr_1": np.ones((30, 2))}, "it holds arr_0, arr_1"),
            (
                {"arr_0": np.ones((30, 2)), "arr_1": np.ones(30, int), "arr_2": np.ones(1)},
                "it holds arr_0, arr_1, arr_2",
            ),
            ({"x_train": np.ones((30, 2)), "x_test": np.ones((30, 2)), "mask": np.ones(30)}, "it holds mask, x_test"),
            ({"train_x_test": np.ones((30, 2)), "z": np.ones(3)}, "it holds train_x_test, z"),
            ({"X": np.ones((30, 2)), "x": np.ones((30, 2))}, "it holds X, x"),
            ({"x": np.ones((30, 2)), "images": np.ones((30, 2))}, "it holds images, x"),
            ({}, "it holds nothing"),
        ],
    )
    def test_that_do_not_fit_together_are_refused(self, arrays, reason, tmp_path):
        np.savez(tmp_path / "a.npz", **arrays)
        with pytest.raises(Refused, match=reason):
            load(tmp_path / "a.npz")


class TestNames:
    """Arrays of an archive whose names say less than `samples` or `train_x`."""

    def test_a_single_array_is_taken_whatever_its_name_and_said(self, tmp_path):
        for name in ("arr_0", "features", "activations", "y"):
            np.savez(tmp_path / "a.npz", **{name: BYTES})
            data = load(tmp_path / "a.npz")
            assert as_set(data.codec.decode(whole(data))) == as_set(BYTES)
            assert any(f"its {name!r} is taken" in note for note in data.notes)

    def test_beside_its_labels(self, tmp_path):
        kind = np.arange(N) % 3
        for names, option in ((("features", "labels"), None), (("a", "b"), "b"), (("arr_0", "arr_1"), None)):
            np.savez(tmp_path / "a.npz", **{names[0]: BYTES, names[1]: kind})
            data = load(tmp_path / "a.npz", labels=option)
            assert data.space.classes == ("0", "1", "2")
            assert any(f"{names[0]!r} is taken, with {names[1]!r}" in note for note in data.notes)

    @pytest.mark.parametrize("names", ["x_{}, y_{}", "X_{}, Y_{}", "{}_x, {}_y", "images_{}, labels_{}"])
    @pytest.mark.parametrize("validation", ["val", "valid", "validation"])
    def test_of_parts_before_or_after(self, names, validation, tmp_path):
        x, y = np.arange(100, dtype=np.float32)[:, None], np.arange(100) % 2
        rows = {"train": slice(0, 60), validation: slice(60, 75), "test": slice(75, 100)}
        points, labels = names.split(", ")
        found = {points.format(part): x[i] for part, i in rows.items()}
        np.savez(tmp_path / "a.npz", **found, **{labels.format(part): y[i] for part, i in rows.items()})
        data = load(tmp_path / "a.npz")
        assert set(data.codec.decode(data.test.all())[:, 0].round()) == set(range(75, 100))
        assert (len(data.train), len(data.validation), len(data.test)) == (60, 15, 25)
        assert data.space.classes == ("0", "1")


class TestHeaders:
    """What a header says is checked before anything is allocated for it."""

    def written(self, path, header, content=b"\0" * 640):
        text = str(header).encode() + b"\n"
        array = b"\x93NUMPY\x01\0" + len(text).to_bytes(2, "little") + text + content
        if path.suffix == ".npy":
            path.write_bytes(array)
        else:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("x.npy", array)
        return path

    @pytest.mark.parametrize("ending", [".npy", ".npz"])
    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"shape": (2**40, 2)}, "cut short"),
            ({"shape": (2**62, 2**62, 2**62)}, "cut short"),
            ({"shape": (-40, -2)}, r"the shape \(-40, -2\)"),
            ({"shape": (40.0, 2)}, r"the shape \(40.0, 2\)"),
            ({"shape": 80}, "the shape 80"),
            ({"shape": (1,) * 99}, "the shape"),
            ({"descr": "|O"}, "never unpickled"),
            ({"descr": [("a", "<f8")]}, "records"),
            ({"descr": "<V8"}, "no plain numbers"),
            ({"descr": "<f3"}, "no plain numbers"),
            ({"descr": "<U0"}, "no plain numbers"),
            ({"descr": ("<f8", (2,))}, "no plain numbers"),
            ({"more": 1}, "header is damaged"),
        ],
    )
    def test_that_cannot_be_true_are_refused(self, ending, changed, reason, tmp_path):
        header = {"descr": "<f8", "fortran_order": False, "shape": (40, 2)} | changed
        with pytest.raises(Refused, match=reason):
            load(self.written(tmp_path / f"a{ending}", header))

    @pytest.mark.parametrize("header", ["{'descr': '<f8'{", "{" * 500, "[1]", "1 +", "{'descr': '<f8', }", "\0"])
    def test_that_are_none_are_refused(self, header, tmp_path):
        with pytest.raises(Refused, match="header is damaged"):
            load(self.written(tmp_path / "a.npy", header))

    def test_that_python_2_wrote_are_read(self, tmp_path):
        header = "{'descr': '<f8', 'fortran_order': False, 'shape': (40L, 2L), }"
        x = np.random.default_rng(0).normal(size=(40, 2))
        data = load(self.written(tmp_path / "a.npy", header, x.tobytes()))
        assert np.allclose(as_set(data.codec.decode(whole(data))), as_set(x), atol=2e-4)

    @pytest.mark.parametrize("ending", [".npy", ".npz"])
    def test_of_arrays_by_columns_are_read(self, ending, tmp_path):
        x = np.asfortranarray(BYTES)
        np.save(tmp_path / "a.npy", x) if ending == ".npy" else np.savez(tmp_path / "a.npz", x=x)
        data = load(tmp_path / f"a{ending}")
        assert as_set(data.codec.decode(whole(data))) == as_set(BYTES)

    def test_archives_that_unpack_to_far_more_than_their_size_are_refused(self, tmp_path, monkeypatch):
        np.savez_compressed(tmp_path / "a.npz", x=np.zeros((1000, 1000)))
        monkeypatch.setattr(reading, "UNPACKED", 2**20)
        with pytest.raises(Refused, match="would unpack to 8,000,128 bytes"):
            load(tmp_path / "a.npz")

    def test_archives_of_other_things_are_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
            archive.writestr("notes.txt", "hello")
        with pytest.raises(Refused, match=r"'notes\.txt', which is no array"):
            load(tmp_path / "a.npz")


class TestOptionsOfPictures:
    def test_size(self):
        data = load(BYTES, size=8)
        assert data.space == Image(3, 8, 8)
        assert data.codec.decode(data.test.all()).shape[1:] == (8, 8, 3)
        assert any("squeezed" in note for note in data.notes)
        assert data.codec.encode(BYTES[:2]).x.shape == (2, 3, 8, 8)

    def test_crop_keeps_the_middle(self):
        x = np.zeros((N, 4, 12), np.uint8)
        x[:, :, 4:8] = 200
        x[0] = 7
        cut, squeezed = load(x, size=4, crop=True), load(x, size=4)
        assert np.array_equal(np.unique(cut.codec.decode(whole(cut))), [7, 200])
        assert (squeezed.codec.decode(whole(squeezed)).min(axis=(1, 2)) < 10).all()

    def test_gray_and_colour(self):
        gray, colour = load(BYTES, gray=True), load(BYTES[..., 0], gray=False)
        assert gray.space == Image(1, 10, 12)
        assert colour.space == Image(3, 10, 12)
        # Rec. 601; float32 of bytes is exact to far less than half a level, except at ties
        luma = np.rint(BYTES @ np.array([0.299, 0.587, 0.114]))
        assert abs(np.asarray(as_set(gray.codec.decode(gray.codec.encode(BYTES)))) - as_set(luma)).max() <= 1
        assert colour.codec.decode(colour.test.all()).shape[3] == 3

    def test_are_refused_for_numbers(self):
        for option in ({"size": 8}, {"crop": True}, {"gray": False}):
            with pytest.raises(Refused, match=f"{next(iter(option))} of load is for images"):
                load(RNG.normal(size=(N, 3)), **option)
        with pytest.raises(Refused, match="at least 1 pixel"):
            load(BYTES, size=0)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (RNG.normal(size=(19, 2)), "at least 20 rows.*got 19"),
        (np.ones((N, 3)), "must vary"),
        (np.where(np.arange(N * 2).reshape(N, 2) == 9, np.nan, 1.0), "1 of 40 rows, the first in row 4"),
        (np.where(np.arange(N * 2).reshape(N, 2) > 60, -np.inf, 1.0), "NaN or infinite values in 10 of 40 rows"),
        (BYTES[..., :2], "1 or 3 channels"),
        (BYTES[..., 0] / 255 * 16, "0 to 16; rescale"),
        (BYTES[..., 0].astype(int) - 500, "rescale"),
        (np.zeros((N, 2, 2, 2, 2)), "got shape"),
        (np.zeros(()), "got shape"),
        (np.zeros((N, 0)), "must not be empty"),
        (np.array([["a"]] * N), "real numbers"),
        (np.zeros((N, 2), complex), "real numbers"),
        ((np.zeros((N, 2)),), r"\(points, labels\), got 1"),
        ({(0.0, 1.0), (1.0, 0.0)}, "got set"),
        (3, "got int"),
    ],
)
def test_what_cannot_be_matched_is_refused(given, reason):
    with pytest.raises(Refused, match=reason):
        load(given)


def test_options_that_name_columns_are_refused_for_arrays():
    with pytest.raises(Refused, match="labels of load"):
        load(FORMS["vectors"], labels="kind")
    with pytest.raises(Refused, match="80/10/10"):
        load(FORMS["vectors"], split="fold")


class TestOtherSources:
    def test_of_other_types_are_understood(self):
        codec = load(BYTES).codec
        for other in (BYTES / 255, (BYTES / 127.5 - 1).astype(np.float32), np.moveaxis(BYTES, 3, 1), BYTES.astype(int)):
            assert torch.allclose(codec.encode(other).x, codec.encode(BYTES).x, atol=1e-5)

    def test_of_other_widths_or_ranges_are_refused(self):
        with pytest.raises(Refused, match="5 coordinates"):
            load(FORMS["vectors"]).codec.encode(RNG.normal(size=(3, 4)))
        with pytest.raises(Refused, match="gray as the data"):
            load(FORMS["gray bytes"]).codec.encode(BYTES)
        with pytest.raises(Refused, match="from 0 to 1 as the data have"):
            load(FORMS["unit floats"]).codec.encode(FORMS["byte floats"])
        with pytest.raises(Refused, match="NaN"):
            load(FORMS["vectors"]).codec.encode(np.full((3, 5), np.nan))

    def test_gray_is_colour_with_equal_channels(self):
        colour = load(BYTES).codec.encode(BYTES[..., 0])
        assert torch.equal(colour.x[:, 0], colour.x[:, 2])
        gray = load(FORMS["gray bytes"]).codec
        assert torch.allclose(gray.encode(np.repeat(BYTES[..., :1], 3, 3)).x, gray.encode(BYTES[..., 0]).x, atol=1e-6)

    def test_forms_are_taken_from_the_ending(self, tmp_path):
        rows, pictures = load(FORMS["vectors"]), load(BYTES)
        for ending in (".csv", ".parquet"):
            rows.codec.write(rows.test.all(), tmp_path / f"a{ending}")
            assert torch.allclose(rows.codec.read(tmp_path / f"a{ending}").x, rows.test.all().x, atol=1e-6)
        with pytest.raises(Refused, match=r"\.npz, \.npy, \.csv or \.parquet"):
            rows.codec.write(rows.test.all(), tmp_path / "a.txt")
        with pytest.raises(Refused, match=r"\.npz, \.npy, \.parquet or into a folder"):
            pictures.codec.write(pictures.test.all(), tmp_path / "a.csv")


class TestDamage:
    @pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
    @pytest.mark.parametrize("ending", [".npy", ".npz"])
    def test_cut_short(self, share, ending, tmp_path):
        path = tmp_path / f"a{ending}"
        (np.save if ending == ".npy" else np.savez_compressed)(path, **{"arr" if ending == ".npy" else "x": BYTES})
        path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
        with pytest.raises(Refused, match="cannot be read as a NumPy"):
            load(path)

    def test_inside_an_archive(self, tmp_path):
        np.savez(tmp_path / "a.npz", x=FORMS["vectors"])
        content = bytearray((tmp_path / "a.npz").read_bytes())
        content[300] ^= 255
        (tmp_path / "a.npz").write_bytes(bytes(content))
        with pytest.raises(Refused, match="Bad CRC-32"):
            load(tmp_path / "a.npz")

    @pytest.mark.parametrize("ending", [".npy", ".npz"])
    def test_objects_are_never_unpickled(self, ending, tmp_path):
        path, objects = tmp_path / f"a{ending}", np.array([{"a": 1}] * N, dtype=object)
        np.save(path, objects) if ending == ".npy" else np.savez(path, x=objects)
        with pytest.raises(Refused, match="never unpickled"):
            load(path)

    def test_no_permission(self, tmp_path, monkeypatch):
        np.save(tmp_path / "a.npy", FORMS["vectors"])

        def refuse(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(arrays, "open", refuse, raising=False)
        with pytest.raises(Refused, match="change its permissions"):
            load(tmp_path / "a.npy")

    def test_too_large(self, tmp_path, monkeypatch):
        np.savez(tmp_path / "a.npz", x=FORMS["vectors"])

        def refuse(*_, **__):
            raise MemoryError

        monkeypatch.setattr(np, "empty", refuse)
        with pytest.raises(Refused, match=r"save it as \.npy"):
            load(tmp_path / "a.npz")


def test_mnist(shared_data):
    data = load(shared_data / "mnist.npz")
    assert data.space == Image(1, 28, 28, classes=tuple("0123456789"))
    assert (len(data.train), len(data.validation), len(data.test)) == (51_000, 9_000, 10_000)
    # the published mean of the 60,000 training images, black 0 and white 1
    x = torch.cat([data.train.all().x, data.validation.all().x])
    assert float((x.mean() + 1) / 2) == pytest.approx(0.13066, abs=1e-5)
    assert data.test.all().label.bincount().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
