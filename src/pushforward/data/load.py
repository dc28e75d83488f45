"""The loading of data by name, by path, or by object."""

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from pushforward.data.base import Data
from pushforward.data.build import from_source
from pushforward.data.build_table import from_frame
from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.kinds import asked_kinds
from pushforward.data.hub import load_hub
from pushforward.data.objects import from_object, raw_data_of
from pushforward.data.raw.options import Options
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import grouped
from pushforward.data.readers.arrays import ARRAYS, read_arrays
from pushforward.data.readers.callables import data_from
from pushforward.data.readers.csv_forms import ENDINGS, TextForm, table_ending
from pushforward.data.readers.digits import digits
from pushforward.data.readers.image_archives import is_archive
from pushforward.data.readers.image_folders import is_image, read_folder
from pushforward.data.readers.image_stack import album_of, load_pictures
from pushforward.data.readers.image_tables import holds_pictures, read_parquet
from pushforward.data.readers.tables import read_table
from pushforward.data.toy_data import TOYS, toy
from pushforward.dotted import find
from pushforward.errors import Refused, nearest
from pushforward.progress import step
from pushforward.spaces import Batch, Image

NAMES = ("digits", *TOYS)

PICTURES = "pictures:"
"""Before a path, says that it is a folder of pictures, where it could be taken for something else."""


@step("reading the data")
def load(
    spec: Any,
    *,
    size: int | str | None = None,
    crop: bool = False,
    gray: bool | None = None,
    threshold: float | None = None,
    binarise: bool = False,
    labels: str | None = None,
    split: str | None = None,
    seed: int = 0,
    skip_corrupt: bool = False,
    native: bool = False,
    frames: Literal["first", "all"] = "first",
    likely_labels: str | None = None,
    columns: str | Path | dict[str, Any] | None = None,
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    missing: str | None = None,
    groups: str | None = None,
) -> Data:
    """Load a data set in three parts, with the codec that gives it back in the form it came in.

    A name comes before a path: write ./digits for a folder of that name, and pictures:PATH for the pictures in a folder
    that is also a run's.

    Args:
        spec: a name (digits, ring, ring-unequal, grid, ring-3d, swiss-roll, two-moons), a .npy, .npz, .csv, .tsv or
            .parquet file (texts also as .csv.gz and .tsv.gz), a folder of images or a .zip or .tar of one, an image of
            several pages, hf:owner/name, a dotted path to an object or to a function without arguments that gives one,
            or an object: array, tensor, (points, labels), DataFrame or anything with named columns, data set of the
            hub, list of rows or pictures, iterator of batches, Data; see `objects.raw_data_of`.
        size: side of square images in pixels, or height and width as 48x64. Of a folder the nearest of 28, 32 and 64 is
            taken: for the shorter side of images of one shape, which they keep, else for both.
        crop: cut the largest box of that shape out of the centre of images instead of squeezing them.
        gray: one channel or three; whatever the images have when left out.
        threshold: make images black and white: white is what exceeds this share of the way from black to white.
        binarise: make images black and white: each pixel is white with its grey value as the probability, drawn once
            for all by a generator that the picture itself seeds.
        labels: name of the column or array that holds the class of each row.
        split: shares of train, validation and test such as 80/10/10, or the column (hub: the split) that says so.
        seed: of the split, and of the draws of a toy.
        skip_corrupt: leave out images that cannot be read, and list them, instead of refusing all.
        native: the data as they came, for judges: numbers keep their units and double precision, in all coordinates,
            constant ones included; images keep the size that they have, which must be one for all, and so must those
            that are compared with them, unless `size` says another.
        frames: "first" takes the first picture of an animation (GIF, WebP, APNG) and says how many it leaves, "all"
            takes every one. Pages of a TIFF file are all taken.
        likely_labels: name of the column that holds the class of each row, where a table has it.
        columns: a YAML file that says of columns of a table by name what they are, or in Python a mapping that does:
            number, levels, date, identifier (new ones in samples), none (left out), "after placed" for a date that is
            modelled as the time since the one in the column placed, or a type of your own, a ColumnType by its dotted
            path or in Python itself; others are as they look.
        sep: what separates the cells of a table that is a text, one character; as its first line says when left out.
        decimal: what stands before its decimals, if no point.
        encoding: of the text, if not utf-8.
        missing: what stands in its missing cells besides nothing, NA and the like, such as "?", commas between.
        groups: what says which rows belong together, as pictures of one thing or visits of one person do, so that all
            come into one part: a column of a table, which is then not modelled, an array of a file, or for pictures a
            regular expression found in their names, of which the first bracket, or all, names the group.

    Raises:
        Refused: in one sentence, for whatever cannot be found, read or matched.

    Example:
        >>> load("digits").space.shape
        (1, 8, 8)
    """
    options = Options(
        size, crop, gray, threshold, binarise, labels, split, seed, skip_corrupt, native, frames, likely_labels,
        asked_kinds(columns), sep, decimal, encoding, missing, groups,
    )  # fmt: skip
    if isinstance(spec, str | Path):
        chosen = {k: v for k, v in asdict(options).items() if v != getattr(Options(), k)}
        return _by_word(str(spec), options, {"spec": str(spec)} | chosen)
    return _by_object(spec, options, None)


def load_like(data: Data | Codec, other: Any, notes: list[str] | None = None) -> Batch:
    """Load every row of another source of the same kind, encoded as `data` are: same columns, channels and sizes.

    Args:
        data: what the other source is like.
        other: a path, or an object in the form that the data came in.
        notes: takes the sentences about what was chosen while reading.

    Raises:
        Refused: if it cannot be read, or is not of the data's form.
    """
    codec, collected = data.codec if isinstance(data, Data) else data, [] if notes is None else notes
    if isinstance(other, str | Path):
        return codec.read(existing_source(codec, other), collected)
    raw = codec.taken(raw_data_of(other, "samples", codec.axes), collected)
    if not isinstance(raw, Source):
        return codec.encode(raw)
    codec.doubt(raw.x)
    return codec.encode((raw.x, raw.labels))


def existing_path(word: str | Path) -> Path:
    """Return the path of something, or refuse it if nothing is there.

    Raises:
        Refused: if nothing is there.
    """
    path = Path(word).expanduser()
    if not os.path.exists(path):
        raise Refused(f"{str(path)!r} does not exist; check the path, which is taken from {Path.cwd()}.")
    return path


def existing_source(codec: Codec, other: str | Path) -> Path:
    """Return the path of another source of the same kind.

    Raises:
        Refused: if nothing is there, or a folder where the data are no images.
    """
    path = existing_path(str(other).removeprefix(PICTURES))
    if path.is_dir() and not isinstance(codec.space, Image):
        raise Refused(f"{path} is a folder, and only images are read from folders; the data are rows of numbers.")
    return path


def refuse_unknown(word: str) -> None:
    """Refuse a word that `load` would not know what to do with, before anything is read.

    Args:
        word: a name, a path or a dotted path.

    Raises:
        Refused: if it is none of them, or a file of no kind that is read.
    """
    path = Path(word).expanduser()
    if word in NAMES or word.startswith(("hf:", PICTURES)):
        return
    if word and os.path.exists(path):
        known = path.suffix.lower() in ARRAYS or bool(table_ending(path))
        readable = path.is_dir() or is_archive(path) or known or is_image(path)
        if not readable:
            endings = ", ".join((*ARRAYS, *ENDINGS, ".zip", ".tar"))
            raise Refused(f"data must be a folder of images or a file that ends in {endings}, got {str(path)!r}.")
    elif find(word) is None:
        raise Refused(_missing(word))


def _by_word(word: str, options: Options, spec: dict[str, Any]) -> Data:
    refuse_unknown(word)
    if word in TOYS:
        return toy(TOYS[word], options, spec)
    if word == "digits":
        return _plain(digits(), options, spec)
    if word.startswith("hf:"):
        return load_hub(word, options, spec)
    if word.startswith(PICTURES):
        folder = Path(word.removeprefix(PICTURES)).expanduser()
        return _plain(
            load_pictures(grouped(read_folder(folder), str(folder), options.groups), options),
            options,
            spec | {"spec": str(folder.resolve())},
        )
    path = Path(word).expanduser()
    if word and os.path.exists(path):  # a name that is no path at all is False here, not an error
        return _by_path(path, options, spec | {"spec": str(path.resolve())})
    return _by_object(find(word), options, spec)


def _by_path(path: Path, options: Options, spec: dict[str, Any]) -> Data:
    ending = path.suffix.lower()
    if path.is_dir() or is_archive(path):
        return _plain(load_pictures(grouped(album_of(path), str(path), options.groups), options), options, spec)
    if ending in ARRAYS:
        options.no_named_split(path.name)
        return from_source(read_arrays(path, options.labels, groups=options.groups), options, spec)
    if ending == ".parquet" and holds_pictures(path):
        return from_source(load_pictures(read_parquet(path, options), options), options, spec)
    if is_image(path):
        return _plain(load_pictures(album_of(path), options), options, spec)
    if ending == ".parquet":
        options.no_text(path.name)
    told = {"sep": options.sep, "decimal": options.decimal, "encoding": options.encoding, "missing": options.missing}
    form = TextForm(**{name: word for name, word in told.items() if word is not None})
    return from_frame(read_table(path, form), options, spec)


def _by_object(obj: Any, options: Options, spec: dict[str, Any] | None) -> Data:
    """Return the data of an object; without the spec of a dotted path it cannot be loaded again."""
    if callable(obj) and not isinstance(obj, Data):
        obj = data_from(obj, "data")
    if isinstance(obj, Data) and options != Options():
        raise Refused("options of load do not apply to a Data object, which is loaded already; leave them out.")
    if isinstance(obj, str | Path):
        obj, options = load(obj, **asdict(options)), Options()
    if isinstance(obj, Data):
        return obj if spec is None else replace(obj, spec=spec)
    return from_object(obj, options, spec)


def _plain(source: Source, options: Options, spec: dict[str, Any]) -> Data:
    """Return the data of a source without named columns."""
    options.no_labels(source.name)
    options.no_named_split(source.name)
    return from_source(source, options, spec)


def _missing(word: str) -> str:
    ending = Path(word).suffix.lower()
    if "/" in word or "\\" in word or ending in ARRAYS or table_ending(word) or is_archive(Path(word)):
        return f"data {word!r} does not exist; check the path, which is taken from {Path.cwd()}."
    return f"data {word!r} is neither a name nor a path nor a dotted path; {nearest(word, list(NAMES))}"
