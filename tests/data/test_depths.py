"""The depth is decided once, on the data; samples have the same white, and those of more bits are refused."""

import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from pushforward.data import load, load_like
from pushforward.data.readers.image_file import Picture, Reel
from pushforward.errors import Refused

WHITES = {8: 255, 10: 1023, 12: 4095, 14: 16383, 16: 65535}


def drawn(bits, n=24, shape=(8, 8), seed=0):
    """Values of so many bits, the greatest among them in one picture."""
    x = np.random.default_rng(seed).integers(0, 2**bits, (n, *shape), dtype=np.uint16)
    x[n // 2].flat[0] = 2**bits - 1
    return x


def png(x):
    """A PNG of 16 bits with 1 to 4 channels, written by its specification: filter 0, one chunk of each kind."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width, channels = x.shape
    head = struct.pack(">IIBBBBB", width, height, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in x)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def tiff(x, order, compression=1):
    """A TIFF of 16 bits in RGB, one strip, bytes in that order."""
    height, width, channels = x.shape
    content = x.astype(f"{order}u2").tobytes()
    content = zlib.compress(content) if compression == 8 else content
    tags = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, channels, 8), (259, 3, 1, compression), (262, 3, 1, 2),
            (273, 4, 1, 14), (277, 3, 1, channels), (278, 3, 1, height), (279, 4, 1, len(content))]  # fmt: skip
    pack = lambda form, *values: struct.pack(order + form, *values)
    entry = lambda tag, kind, count, value: (
        pack("HHI", tag, kind, count) + (pack("HH", value, 0) if kind == 3 and count == 1 else pack("I", value))
    )
    head = (b"II*\0" if order == "<" else b"MM\0*") + pack("I", 14 + len(content)) + pack("HHH", 16, 16, 16)
    return head + content + pack("H", len(tags)) + b"".join(entry(*tag) for tag in tags) + pack("I", 0)


def values(content, tmp_path):
    (tmp_path / "a").write_bytes(content)
    with Reel() as reel:
        return reel.values(Picture("a", tmp_path / "a"))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_bit_of_a_png_is_read(channels, tmp_path):
    x = np.random.default_rng(channels).integers(0, 2**16, (5, 7, channels), dtype=np.uint16)
    assert np.array_equal(values(png(x), tmp_path), x)
    assert Picture("a", tmp_path / "a").header.deep


@pytest.mark.parametrize(("order", "compression"), [("<", 1), (">", 1), ("<", 8), (">", 8)])
def test_every_bit_of_a_tiff_in_colour_is_read(order, compression, tmp_path):
    x = np.random.default_rng(1).integers(0, 2**16, (5, 7, 3), dtype=np.uint16)
    assert np.array_equal(values(tiff(x, order, compression), tmp_path), x)


def test_a_turned_picture_is_upright_with_every_bit(tmp_path):
    x, exif = drawn(16, 2, (4, 6))[0], Image.Exif()
    exif[0x0112] = 6  # the top of the picture is on the right of the file's
    Image.fromarray(x).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(values((tmp_path / "a.png").read_bytes(), tmp_path)[..., 0], np.rot90(x, -1))


def pictures(data):
    x = torch.cat([part.all().x for part in (data.train, data.validation, data.test)])
    return sorted(row.tobytes() for row in ((x + 1) / 2 * data.codec.high).double().round().numpy().astype(np.uint16))


def folder(place, x, write=None):
    place.mkdir()
    for i, pixels in enumerate(x):
        if write is None:
            Image.fromarray(pixels).save(place / f"{i:03d}.png")
        else:
            (place / f"{i:03d}.png").write_bytes(write(pixels))
    return place


@pytest.mark.parametrize("bits", WHITES)
@pytest.mark.parametrize("form", ["array", "npy", "npz", "folder", "tif", "colour"])
def test_the_least_depth_that_holds_the_data_is_theirs(bits, form, tmp_path):
    x = drawn(bits)
    if form == "array":
        data = load(x)
    elif form in ("npy", "npz"):
        np.save(tmp_path / "a.npy", x) if form == "npy" else np.savez(tmp_path / "a.npz", x=x)
        data = load(tmp_path / f"a.{form}")
    elif form == "tif":
        first, *more = [Image.fromarray(page) for page in x]
        first.save(tmp_path / "a.tif", save_all=True, append_images=more)
        data = load(tmp_path / "a.tif", native=True)
    else:
        colours = np.stack([x, x.T.swapaxes(0, 2), x[::-1]], 3)
        data = load(folder(tmp_path / "a", *((x,) if form == "folder" else (colours, png))), native=True)
        x = np.moveaxis(colours, 3, 1) if form == "colour" else x
    assert (data.codec.low, data.codec.high) == (0, WHITES[bits])
    assert pictures(data) == sorted(page.tobytes() for page in np.ascontiguousarray(x))
    assert f"{WHITES[bits]}" in " ".join(data.notes) or f"of {bits} bits" in " ".join(data.notes)


@pytest.mark.parametrize("form", ["array", "folder"])
def test_samples_have_the_white_of_the_data(form, tmp_path):
    """Darker samples are darker, whatever depth would hold them."""
    x, y = drawn(12), drawn(12, seed=1) // 5
    data = load(x) if form == "array" else load(folder(tmp_path / "a", x), native=True)
    for other in (y, y.astype(np.int64), y.astype(np.float64), folder(tmp_path / "b", y)):
        found = load_like(data, other).x[:, 0]
        assert torch.allclose(found, torch.from_numpy(y / 4095 * 2 - 1).float(), atol=1e-6)


def test_bytes_among_samples_or_data_of_more_bits_have_their_own_white(tmp_path):
    x = drawn(12)
    eight = (drawn(8, seed=3)).astype(np.uint8)
    expected = torch.from_numpy(eight / 255 * 2 - 1).float()
    said = []
    assert torch.allclose(load_like(load(x), eight, said).x[:, 0], expected, atol=1e-6)
    data = load(folder(tmp_path / "a", x), native=True)
    found = load_like(data, folder(tmp_path / "b", eight)).x[:, 0]
    assert torch.allclose(found, expected, atol=1 / 4095)  # rounded to half of a level of 12 bits
    for i in range(12):
        Image.fromarray(eight[i]).save(tmp_path / "a" / f"{i:03d}.png")
    mixed = load(tmp_path / "a", native=True)
    assert mixed.codec.high == 4095
    assert any("24" not in note and "12 gray; 12 in files of 16 bits" in note for note in mixed.notes)


@pytest.mark.parametrize(
    ("of_data", "of_samples"), [(8, 12), (10, 12), (12, 14), (12, 16), (8, 16)], ids=lambda bits: f"{bits}"
)
def test_samples_of_more_bits_are_refused_with_both_depths(of_data, of_samples, tmp_path):
    x, y = drawn(of_data), drawn(of_samples)
    for data, other in (
        (load(x), y),
        (load(x.astype(np.uint8) if of_data == 8 else x), y.astype(np.int32)),
        (load(folder(tmp_path / "a", x), native=True), folder(tmp_path / "b", y)),
    ):
        with pytest.raises(Refused, match=rf"needs? {of_samples} bits .* the data have {of_data} bits"):
            load_like(data, other)
    np.save(tmp_path / "b.npy", y)
    with pytest.raises(Refused, match=f"{of_samples} bits .* {of_data} bits"):
        load_like(load(x), tmp_path / "b.npy")
    corrupt = load(tmp_path / "a", native=True, skip_corrupt=True)
    with pytest.raises(Refused, match=f"{of_data} bits"):  # more bits are no damage
        load_like(corrupt, tmp_path / "b")


def test_transparency_is_white_at_any_depth(tmp_path):
    x = np.zeros((24, 6, 6, 4), np.uint16)
    x[..., :3], x[..., 3] = np.arange(24)[:, None, None, None] * 100, 65535
    x[:, 0, 0, 3] = 0
    x[3, 5, 5] = 4095, 0, 0, 65535
    data = load(folder(tmp_path / "a", x, png), native=True)
    assert data.codec.high == 4095
    shown = data.codec.decode(data.train.all())
    assert (shown[:, 0, 0] == 4095).all()
    assert set(shown[:, 2, 2, 0]) <= set(range(0, 2400, 100))


def test_pictures_of_more_bits_are_resized_without_losing_them(tmp_path):
    """Equal pixels stay what they are, and neighbours are averaged on the fine scale."""
    x = np.full((24, 8, 8), 1000, np.uint16) + np.arange(24, dtype=np.uint16)[:, None, None]
    x[0, 0, 0] = 4095
    data = load(folder(tmp_path / "a", x), size=4)
    found = np.sort(data.codec.decode(data.codec.encode(load_rows(data)))[:, 3, 3, 0])
    assert found.tolist() == list(range(1000, 1024))


def load_rows(data):
    return np.concatenate([data.codec.decode(p.all()) for p in (data.train, data.validation, data.test)])


def test_floats_of_samples_are_on_the_scale_of_the_data():
    data = load(drawn(12))
    with pytest.raises(Refused, match="values in"):
        load_like(data, drawn(14).astype(float))
    assert float(load_like(data, np.full((4, 8, 8), 2047.5)).x.abs().max()) == 0
    assert torch.allclose(load_like(data, np.linspace(0, 1, 256).reshape(4, 8, 8)).x.max(), torch.tensor(1.0))
