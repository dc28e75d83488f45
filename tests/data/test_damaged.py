"""Files that somebody damaged, a thousand of each form: every one is refused in a sentence, or is data."""

import io
import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pushforward.data import load
from pushforward.data.raw.options import Options
from pushforward.data.readers.albums import Album
from pushforward.data.readers.image_archives import read_archive
from pushforward.data.readers.image_file import Picture
from pushforward.data.readers.image_stack import load_pictures
from pushforward.data.readers.image_tables import read_parquet, write_parquet
from pushforward.errors import Refused

COUNT = 1000
FORMS = (
    "a.npy",
    "a.npz",
    "a.csv",
    "a.parquet",
    "a.png",
    "a.jpg",
    "a.gif",
    "a.tif",
    "a.webp",
    "a.zip",
    "pictures.parquet",
)
"""Of which so many; of their variants a quarter."""
RNG = np.random.default_rng(5)
BYTES = RNG.integers(0, 256, (24, 4, 4), dtype=np.uint8)
SHOWN = [Image.fromarray(RNG.integers(0, 256, (12, 10, 3), dtype=np.uint8)) for _ in range(3)]
FRAME = pd.DataFrame({"a": RNG.normal(size=24), "b": RNG.integers(0, 9, 24)})
OPTIONS = Options(size=8, frames="all")

ROWS = {
    "a.npy": lambda path: np.save(path, BYTES),
    "a.npz": lambda path: np.savez(path, x=BYTES, y=np.arange(24) % 2),
    "b.npz": lambda path: np.savez_compressed(path, arr_0=BYTES),
    "a.csv": lambda path: FRAME.to_csv(path, index=False),
    "a.parquet": lambda path: FRAME.to_parquet(path),
}


def several(form, **options):
    return lambda path: SHOWN[0].save(path, form, save_all=True, append_images=SHOWN[1:], **options)


EXIF = Image.Exif()
EXIF[0x0112] = 6
PICTURES = {
    "a.png": lambda path: SHOWN[0].save(path, "PNG", exif=EXIF),
    "palette.png": lambda path: SHOWN[0].quantize(8).save(path, "PNG", transparency=3),
    "deep.png": lambda path: Image.fromarray(BYTES[0].astype(np.uint16) * 99).save(path, "PNG"),
    "moving.png": several("PNG"),
    "a.jpg": lambda path: SHOWN[0].save(path, "JPEG", exif=EXIF, progressive=True),
    "a.gif": several("GIF"),
    "a.tif": several("TIFF"),
    "packed.tif": several("TIFF", compression="tiff_adobe_deflate"),
    "a.webp": several("WEBP"),
    "a.bmp": lambda path: SHOWN[0].save(path, "BMP"),
    "a.avif": lambda path: SHOWN[0].save(path, "AVIF"),
    "a.jp2": lambda path: SHOWN[0].save(path, "JPEG2000"),
    "a.ppm": lambda path: SHOWN[0].save(path, "PPM"),
}


def png(image):
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def zipped(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, image in enumerate(SHOWN):
            archive.writestr(f"photos/{i % 2}/{i}.png", png(image))
        archive.writestr("photos/notes.txt", "hello")


ALBUMS = {
    "a.zip": (zipped, read_archive),
    "pictures.parquet": (lambda path: write_parquet(path, np.stack(SHOWN), [0, 1, 0], ("a", "b")), read_parquet),
}


def survived(name, make, read, damaged, folder):
    """Damages of one file, each read or refused; the share of those that were refused."""
    count = COUNT if name in FORMS else COUNT // 4
    make(folder / f"sound-{name}")
    path, refused = folder / name, 0
    sound = folder / f"sound-{name}"
    read(sound)
    for content in damaged(sound.read_bytes(), count):
        path.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of readers, on what they repaired
            try:
                read(path)
            except Refused:
                refused += 1
    return refused / count


@pytest.mark.parametrize("name", ROWS)
def test_damaged_rows_are_data_or_refused(name, damaged, tmp_path):
    assert survived(name, ROWS[name], load, damaged, tmp_path) > 0.1


@pytest.mark.parametrize("name", PICTURES)
def test_damaged_pictures_are_data_or_refused(name, damaged, tmp_path):
    read = lambda path: load_pictures(Album("a", (Picture(str(path), path),)), OPTIONS)
    assert survived(name, PICTURES[name], read, damaged, tmp_path) > 0.05


@pytest.mark.parametrize("name", ALBUMS)
def test_damaged_albums_are_data_or_refused(name, damaged, tmp_path):
    make, found = ALBUMS[name]
    assert survived(name, make, lambda path: load_pictures(found(path), OPTIONS), damaged, tmp_path) > 0.1
