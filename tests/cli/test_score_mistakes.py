"""What people get wrong when they score: each is one sentence with the facts, exit code 2, or a counted skip."""

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

ARRAYS = {
    "bytes": np.uint8,
    "unit": lambda x: (x / 255).astype("float32"),
    "signed": lambda x: (x / 127.5 - 1).astype("float32"),
    "floats": lambda x: x.astype("float32"),
    "twice": lambda x: (x / 255 / 255).astype("float32"),
    "wide": lambda x: (x / 100 - 1.2).astype("float32"),
    "first": lambda x: np.moveaxis(x, 3, 1),
    "middle": lambda x: np.moveaxis(x, 3, 2),
    "alpha": lambda x: np.concatenate([x, x[..., :1]], 3),
    "gray": lambda x: x[..., 0],
    "flat": lambda x: x.reshape(len(x), -1),
    "turned": lambda x: x[:, :8],
    "across": lambda x: x[:, :, :8],
}


def images(folder, n=24, sizes=((12, 12),), mode="RGB", seed=0):
    """PNGs of noise."""
    draw = np.random.default_rng(seed)
    Path(folder).mkdir()
    for i in range(n):
        width, height = sizes[i % len(sizes)]
        x = draw.integers(0, 256, (height, width, 4), dtype=np.uint8)
        x = x[..., 0].astype(np.uint16) * 257 if mode == "I;16" else x[..., 0] if mode == "L" else x[..., : len(mode)]
        Image.fromarray(x).save(Path(folder) / f"{i:02d}.png")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """All the inputs, good and bad."""
    here = tmp_path_factory.mktemp("shelf")
    draw = np.random.default_rng(0)
    x = draw.normal(size=(40, 3))
    files = {"x": x, "y": draw.normal(size=(40, 3)), "four": draw.normal(size=(40, 4)), "three": x[:3], "none": x[:0]}
    files |= {"five": x[:5], "same": np.ones((40, 3)), "complex": x + 1j, "words": np.array(["a", "b"] * 20)}
    files["nan"] = np.where(np.arange(40)[:, None] == 7, np.nan, x)
    shown = draw.integers(0, 256, (40, 12, 12, 3), dtype=np.uint8)
    files |= {name: np.asarray(make(shown)) for name, make in ARRAYS.items()} | {"ones": (shown > 127).astype(np.uint8)}
    for name, array in files.items():
        np.save(here / f"{name}.npy", array)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.save(here / "objects.npy", np.array(["a", {}], dtype=object), allow_pickle=True)
    np.savez(here / "keys.npz", foo=x, bar=x)
    np.savez(here / "stat.npz", mu=x.mean(0), sigma=np.cov(x.T))
    np.savez(here / "stat-nan.npz", mu=x.mean(0) * np.nan, sigma=np.cov(x.T))
    np.savez(here / "stat-shape.npz", mu=x.mean(0), sigma=np.eye(4))
    np.savez(here / "stat-scalar.npz", mu=1.0, sigma=2.0)
    (here / "cut.npz").write_bytes((here / "keys.npz").read_bytes()[:200])
    (here / "cut.npy").write_bytes((here / "x.npy").read_bytes()[:300])
    for name in ("empty.npy", "empty.npz", "empty.csv"):
        (here / name).write_bytes(b"")
    for name in ("text.npy", "text.npz", "text.parquet", "text.pkl"):
        (here / name).write_text("hello")
    table = pd.DataFrame(x, columns=list("abc"))
    tables = {"t": table, "renamed": table.rename(columns={"c": "d"}), "more": table.assign(d=1.0), "names": table[:0]}
    tables |= {
        "hole": table.drop(index=5).reindex(range(40)),
        "text": table.assign(c="word"),
        "less": table[["a", "b"]],
    }
    for name, frame in tables.items():
        frame.to_csv(here / f"{name}.csv", index=False)
    table.to_csv(here / "semicolons.csv", index=False, sep=";")
    table.to_csv(here / "headless.csv", index=False, header=False)
    (here / "ragged.csv").write_text("a,b,c\n1,2,3\n1,2,3,4,5\n")
    folders(here)
    return here


def folders(here):
    """Folders of images, good and bad."""
    for name, mode in (("colour", "RGB"), ("grays", "L"), ("clear", "RGBA"), ("deep", "I;16")):
        images(here / name, mode=mode)
    images(here / "sizes", sizes=((12, 12), (20, 16), (8, 30)))
    images(here / "large", sizes=((24, 24),))
    images(here / "few", n=3)
    (here / "nothing").mkdir()
    (here / "texts").mkdir()
    for name in ("a.txt", "b.txt", "c.heic", "README"):
        (here / "texts" / name).write_text("x")
    shutil.copytree(here / "colour", here / "broken")
    (here / "broken" / "03.png").write_bytes((here / "broken" / "03.png").read_bytes()[:200])
    (here / "broken" / "07.png").write_text("no image")
    (here / "broken" / "11.png").write_bytes(b"")
    (here / "broken" / "notes.txt").write_text("x")
    shutil.copytree(here / "colour", here / "mixed")
    for mode in ("grays", "clear", "deep"):
        for i in range(2):
            shutil.copy(here / mode / f"0{i}.png", here / "mixed" / f"{mode}{i}.png")
    (here / "lost").mkdir()
    for i in range(3):
        (here / "lost" / f"{i}.png").write_text("no image")


@pytest.fixture
def there(shelf, shell, monkeypatch):
    """The program, called where the inputs are."""
    monkeypatch.chdir(shelf)
    return shelf


USUAL = ("--metrics", "energy", "--no-floor")

# What is typed after `score`, and words that the sentence must hold, in this order.
MISTAKES = [
    # folders
    ("colour absent", "'absent' does not exist", "taken from"),
    ("absent colour", "'absent' is neither a name nor a path"),
    ("colour nothing", "folder nothing is empty", ".png"),
    ("nothing colour", "folder nothing is empty", ".png"),
    ("colour texts", "texts holds no images among its 4 files (1 .heic, 2 .txt, 1 no ending)"),
    ("texts colour", "texts holds no images among its 4 files (1 .heic, 2 .txt, 1 no ending)"),
    ("colour text.pkl", "images are read from a folder, .npz, .npy or .parquet", "text.pkl is a file"),
    ("text.pkl colour", "folder of images or a file that ends in .npy, .npz, .csv", "text.pkl"),
    ("colour colour/03.png", "images are read from a folder", "colour/03.png is a file"),
    ("few colour", "few must have at least 4 rows to be scored", "got 3"),
    ("x.npy colour", "colour is a folder", "the data are rows of numbers"),
    ("t.csv colour", "colour is a folder", "the data are rows of numbers"),
    ("colour t.csv", "images are read from a folder", "t.csv is a file"),
    # files that are no images
    ("colour broken", "broken/03.png cannot be read as an image", "--skip-corrupt"),
    ("broken colour", "broken/03.png cannot be read as an image", "--skip-corrupt"),
    ("colour lost --skip-corrupt", "none of the 3 images of lost can be read", "lost/0.png"),
    # sizes and channels
    ("colour sizes", "sizes/01.png is 16 × 20 pixels", "12 × 12 (16 of 24 differ)", "--size"),
    ("sizes colour --features pixels", "sizes/01.png is 16 × 20 pixels", "--size"),
    ("colour large --features pixels", "large/00.png is 24 × 24 pixels", "12 × 12 (24 of 24 differ)", "--size"),
    ("bytes.npy large", "large/00.png is 24 × 24", "12 × 12"),
    ("large bytes.npy", "bytes.npy", "24 × 24 pixels as the data are, got 12 × 12", "--size"),
    ("turned.npy across.npy", "8 × 12 pixels as the data are, got 12 × 8 (height and width exchanged?)"),
    ("grays colour", "colour: images must be gray as the data are, got colour", "--no-gray", "--gray"),
    ("gray.npy bytes.npy", "bytes.npy: images must be gray", "--no-gray"),
    ("bytes.npy alpha.npy", "alpha.npy", "1 or 3 channels", "(12, 12, 4)", "drop the alpha channel"),
    ("alpha.npy bytes.npy", "alpha", "1 or 3 channels", "(12, 12, 4)", "drop the alpha channel"),
    ("bytes.npy middle.npy", "middle.npy", "(12, 3, 12)", "the second or the last axis must hold the channels"),
    ("bytes.npy flat.npy", "flat.npy: images must be (n, h, w)", ", 432)", "reshape"),
    ("flat.npy bytes.npy", "bytes.npy: rows must have 432 coordinates", ", 12, 12, 3)", "flatten"),
    # ranges
    (
        "unit.npy signed.npy",
        "signed.npy",
        "from 0 to 1",
        "got -1 to 1",
        "they look like images in [-1, 1]",
        "(x + 1)/2",
    ),
    ("signed.npy unit.npy", "unit.npy", "from -1 to 1", "got 0 to 1", "they look like images in [0, 1]", "2x - 1"),
    ("unit.npy floats.npy", "floats.npy", "got 0 to 255", "8-bit values in floats", "divide them by 255"),
    ("floats.npy unit.npy", "unit.npy: images are all nearly black", "up to 1 where white is 255", "in [0, 1]"),
    ("bytes.npy ones.npy", "ones.npy: images are all nearly black", "up to 1 where white is 255", "in [0, 1]"),
    ("bytes.npy twice.npy", "twice.npy: images are all nearly black", "divided by 255 twice"),
    ("unit.npy twice.npy", "twice.npy: images are all nearly black", "divided by 255 twice"),
    ("signed.npy wide.npy", "wide.npy", "from -1 to 1", "got -1.2 to 1.35", "clip or rescale"),
    ("bytes.npy wide.npy", "wide.npy", "[0, 1], [-1, 1] or [0, 255], got -1.2 to 1.35"),
    # rows
    ("x.npy four.npy", "four.npy: rows must have 3 coordinates as the data have, got 4"),
    (
        "x.npy nan.npy",
        "nan must be finite",
        "NaN or infinite values in 1 of 40 rows, the first in row 7 (counted from 0)",
    ),
    ("nan.npy x.npy", "nan", "NaN or infinite values in 1 of 40 rows, the first in row 7 (counted from 0)"),
    ("x.npy three.npy", "three.npy: a score needs at least 4 samples, got 3"),
    ("x.npy none.npy", "none.npy: a score needs at least 4 samples, got 0"),
    ("three.npy x.npy", "three must have at least 4 rows to be scored", "got 3"),
    ("x.npy five.npy --metrics prdc", "samples of prdc must have at least 6 rows, got 5"),
    ("x.npy y.npy --metrics kid-subsets", "kid-subsets draws 1000 rows a side", "one side has 40", "--kid-subset-size"),
    ("same.npy x.npy", "same must vary from row to row"),
    ("x.npy complex.npy", "complex", "real numbers", "complex128"),
    ("x.npy words.npy", "words", "real numbers", "<U1"),
    ("x.npy y.npy --rows 3", "--rows must be at least 4, got 3"),
    ("x.npy y.npy --train four.npy", "four.npy: rows must have 3 coordinates"),
    ("x.npy y.npy --size 8", "size of load is for images"),
    # files of arrays
    ("x.npy absent.npy", "'absent.npy' does not exist"),
    ("absent.npy x.npy", "'absent.npy' does not exist"),
    ("x.npy objects.npy", "objects.npy", "Python objects", "never unpickled"),
    ("x.npy keys.npz", "keys.npz must hold one array samples, images, x", "it holds bar, foo"),
    ("x.npy cut.npz", "cut.npz cannot be read", "cut short"),
    ("cut.npy x.npy", "cut.npy cannot be read as a NumPy array"),
    ("x.npy empty.npy", "empty.npy cannot be read as a NumPy array: it is empty"),
    ("empty.npz x.npy", "empty.npz cannot be read as a NumPy archive"),
    ("x.npy text.npy", "text.npy cannot be read as a NumPy array: it is no .npy file"),
    ("text.npz x.npy", "text.npz cannot be read as a NumPy archive"),
    # tables
    ("t.csv text.csv", "text.csv: column 'c'", "must be numeric, got text such as 'word'"),
    ("t.csv names.csv", "names.csv: the table must have rows"),
    ("names.csv t.csv", "names must have at least 4 rows to be scored", "got 0"),
    ("t.csv headless.csv", "the first line of headless.csv must name its columns"),
    ("t.csv ragged.csv", "ragged.csv cannot be read", "line 3"),
    ("t.csv empty.csv", "empty.csv cannot be read"),
    ("t.csv text.parquet", "text.parquet cannot be read as a Parquet table"),
    ("t.csv four.npy", "four.npy: rows must have 3 columns as the table has, got shape (40, 4)"),
    # files of statistics
    ("stat.npz x.npy --metrics fid,kid", "stat.npz holds mu and sigma only", "kid needs the rows"),
    ("stat.npz four.npy --metrics fid", "stat.npz holds statistics of 3 features, the samples have 4"),
    ("x.npy stat.npz", "stat.npz is a file of statistics, which stands for the data alone"),
    ("stat-nan.npz x.npy --metrics fid", "mu and sigma of 'stat-nan.npz' must be finite"),
    ("stat-shape.npz x.npy --metrics fid", "mu of 'stat-shape.npz' must be (d,) and sigma (d, d), got (3,) and (4, 4)"),
    ("stat-scalar.npz x.npy --metrics fid", "got () and ()"),
    ("stat.npz --metrics fid", "needs FAKE"),
    ("stat.npz x.npy --metrics fid --features pca", "pca are fitted to the data, and a file of statistics holds none"),
    # spaces
    ("x.npy y.npy --features pixels", "features pixels need pictures"),
    ("colour colour --features lenet", "features lenet need pictures with labels"),
    ("colour colour --features nosuch.thing", "no features 'nosuch.thing'", "known are"),
    ("x.npy y.npy --metrics inception-score", "probabilities of classes"),
]


@pytest.mark.parametrize(("typed", "words"), [(m[0], m[1:]) for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_each_mistake_is_a_sentence_with_its_facts(there, refused, typed, words):
    given = typed.split()
    said = refused("score", *given, *(() if "--metrics" in given else USUAL))
    at = -1
    for word in words:
        at = said.find(word, at + 1)
        assert at >= 0, f"{word!r} is not, or not in this place, in: {said}"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x.npy stat.npz --data y.npy", ("stat.npz is a file of statistics",)),
        ("x.npy y.npy --data stat.npz", ("compare needs the data themselves", "stat.npz")),
        ("x.npy four.npy --data y.npy", ("four.npy: rows must have 3 coordinates",)),
        ("colour large --data colour", ("large/00.png is 24 × 24 pixels", "--size")),
        ("unit.npy signed.npy --data unit.npy", ("signed.npy", "they look like images in [-1, 1]")),
    ],
)
def test_compare_says_the_same(there, refused, typed, words):
    said = refused("compare", *typed.split())
    assert all(word in said for word in words), said


def scored(shell, *argv):
    answer = shell("score", *argv, *USUAL, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


LACKING = "columns that the samples do not have are left out of the data: c."
EXTRA = "columns that the data do not have are left out of the samples: d."


@pytest.mark.parametrize(
    ("fake", "said"),
    [
        ("renamed", [LACKING, EXTRA]),
        ("more", [EXTRA]),
        ("less", [LACKING]),
        ("hole", []),
        ("semicolons", ["the columns of semicolons.csv are separated by semicolons, as its first line is."]),
    ],
)
def test_tables_of_other_programs_are_read_as_they_are_and_what_is_left_out_is_said(there, shell, fake, said):
    found = scored(shell, "t.csv", f"{fake}.csv")
    assert (found["n_real"], found["n_fake"]) == (40, 40)
    assert [w for w in found["warnings"] if "columns" in w and "constant" not in w] == said


@pytest.mark.parametrize("typed", [("colour", "broken"), ("broken", "colour")])
def test_corrupt_files_are_left_out_when_asked_counted_and_listed(there, shell, typed):
    found = scored(shell, *typed, "--skip-corrupt")
    assert found["n_real"] + found["n_fake"] == 24 + 21
    listed = [f for f in found["skipped_files"] if "broken/" in f]
    assert [next(n for n in ("03.png", "07.png", "11.png") if n in f) for f in sorted(listed)] == [
        "03.png", "07.png", "11.png",
    ]  # fmt: skip
    assert any("1 .txt" in f for f in found["skipped_files"])
    assert sum("cannot be read and are left out" in w for w in found["warnings"]) >= 1


def test_what_is_left_out_is_said_to_people_and_on_the_page(there, shell):
    answer = shell("score", "broken", "colour", "--skip-corrupt", *USUAL, "--report", "page.html")
    page = (there / "page.html").read_text()
    for words in ("03.png", "07.png", "11.png", "Files that are no images are skipped: 1 .txt."):
        assert any(words in line for line in answer.out.splitlines() if line.startswith("Warning: "))
        assert words in page
    answer = shell("compare", "broken", "large", "--data", "colour", "--size", 12, "--skip-corrupt")
    assert "Warning: skipped: broken/07.png cannot be read" in answer.out


def test_corrupt_files_in_a_comparison_are_listed(there, shell):
    answer = shell("compare", "broken", "large", "--data", "colour", "--size", 12, "--skip-corrupt", "--json")
    found = json.loads(answer.out)
    assert found["models"]["broken"]["n"] == 21
    assert len([f for f in found["skipped_files"] if "broken/" in f]) == 3


def test_sizes_are_made_equal_when_asked_antialiased(there, shell):
    found = scored(shell, "colour", "large", "--size", 12, "--features", "pixels")
    assert any("24 of 24 images of large are resized to 12 × 12, antialiased" in w for w in found["warnings"])
    shrunk = there / "shrunk"
    shrunk.mkdir(exist_ok=True)
    for file in sorted((there / "large").iterdir()):
        Image.open(file).resize((12, 12), Image.Resampling.BICUBIC, reducing_gap=3.0).save(shrunk / file.name)
    expected = scored(shell, "colour", "shrunk", "--features", "pixels")
    assert found["scores"]["energy"]["value"] == pytest.approx(expected["scores"]["energy"]["value"], rel=1e-6)


def test_modes_are_handled_and_said(there, shell):
    found = scored(shell, "mixed", "colour")
    (said,) = [w for w in found["warnings"] if "of mixed" in w]
    for words in (
        "24 colour",
        "2 gray",
        "colour of 16 bits",
        "2 in files of 16 bits",
        "2 with transparency, laid on white",
    ):
        assert words in said
    found = scored(shell, "colour", "grays")
    assert any("Gray images of grays are repeated on three channels" in w for w in found["warnings"])
    # a gray picture and the same one with three equal channels are one
    (there / "tripled").mkdir(exist_ok=True)
    for file in sorted((there / "grays").iterdir()):
        Image.open(file).convert("RGB").save(there / "tripled" / file.name)
    again = scored(shell, "colour", "tripled")
    assert again["scores"]["energy"]["value"] == pytest.approx(found["scores"]["energy"]["value"], rel=1e-9)


def test_gray_and_colour_meet_when_asked(there, shell):
    assert scored(shell, "grays", "colour", "--no-gray")["n_fake"] == 24
    assert scored(shell, "grays", "colour", "--gray")["n_fake"] == 24


@pytest.mark.parametrize(("real", "fake"), [("bytes", "first"), ("bytes", "unit"), ("bytes", "signed"),
                                            ("signed", "bytes"), ("unit", "bytes"), ("first", "bytes")])  # fmt: skip
def test_layout_and_type_change_nothing_where_they_are_clear(there, shell, real, fake):
    """The same pictures: the unbiased estimate of copies is the same whatever form they come in."""
    expected = scored(shell, "bytes.npy", "bytes.npy")["scores"]["energy"]["value"]
    found = scored(shell, f"{real}.npy", f"{fake}.npy")
    assert found["scores"]["energy"]["value"] == pytest.approx(expected, rel=1e-4)
    if fake in ("unit", "signed"):
        assert any(f"In {fake} black is {'0' if fake == 'unit' else '-1'}" in w for w in found["warnings"])


def test_a_collapse_to_black_is_scored(there, shell):
    np.save(there / "black.npy", np.zeros((30, 12, 12, 3), np.uint8))
    assert scored(shell, "bytes.npy", "black.npy")["n_fake"] == 30
