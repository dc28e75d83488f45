"""Every form in which people hold the same rows is the same data; what is no form is refused by name."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy.sparse
import torch
from PIL import Image
from sklearn.mixture import GaussianMixture
from torch.utils.data import DataLoader, TensorDataset

from pushforward.data import load, load_like
from pushforward.data.objects import raw_data_of
from pushforward.data.readers.callables import call_sampler
from pushforward.errors import Refused

N = 40
RNG = np.random.default_rng(11)
X = RNG.normal(size=(N, 3))
FRAME = pd.DataFrame(X, columns=list("abc"))
PICTURES = RNG.integers(0, 256, (N, 8, 8, 3), dtype=np.uint8)
PILLOW = [Image.fromarray(x) for x in PICTURES]


class Interchange:
    """A frame that speaks nothing but the protocol of the dataframe consortium."""

    def __init__(self, table):
        self.table = table

    def __dataframe__(self, nan_as_null=False, allow_copy=True):
        return self.table.__dataframe__(nan_as_null, allow_copy)


class Stream:
    """A table that speaks nothing but Arrow's C interface."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def structured(order="abc"):
    return np.array([tuple(row) for row in FRAME[list(order)].to_numpy()], dtype=[(name, "f8") for name in order])


def arrow(order="abc"):
    return pa.table({name: FRAME[name].to_numpy() for name in order})


# The same three columns, in another order where they have names.
TABLES = {
    "pandas": lambda: FRAME[["c", "a", "b"]],
    "arrow table": lambda: arrow("bca"),
    "record batch": lambda: arrow("bca").to_batches()[0],
    "arrow stream": lambda: Stream(arrow("cab")),
    "interchange": lambda: Interchange(arrow("cab")),
    "structured array": lambda: structured("cab"),
    "record array": lambda: structured("cab").view(np.recarray),
    "mapping of columns": lambda: {name: FRAME[name].tolist() for name in "bca"},
    "mapping of tensors": lambda: {name: torch.from_numpy(FRAME[name].to_numpy(copy=True)) for name in "bca"},
    "records": lambda: FRAME[["c", "a", "b"]].to_dict("records"),
    "batches of frames": lambda: (FRAME[order][part] for order, part in
                                  ((["a", "b", "c"], slice(10)), (["c", "b", "a"], slice(10, None)))),
    "batches of columns": lambda: ({name: FRAME[name].to_numpy()[i : i + 8] for name in "cba"} for i in range(0, N, 8)),
}  # fmt: skip
ROWS = {
    "array": lambda: X,
    "masked array without a mask": lambda: np.ma.masked_array(X, mask=False),
    "tensor": lambda: torch.from_numpy(X.copy()).requires_grad_(),
    "sparse matrix": lambda: scipy.sparse.csr_matrix(X),
    "sparse tensor": lambda: torch.from_numpy(X.copy()).to_sparse(),
    "list of lists": lambda: X.tolist(),
    "list of arrays": lambda: list(X),
    "list of tensors": lambda: list(torch.from_numpy(X.copy())),
    "tuple of arrays": lambda: tuple(X),
    "data set of torch": lambda: TensorDataset(torch.from_numpy(X.copy())),
    "loader": lambda: DataLoader(TensorDataset(torch.from_numpy(X.copy())), batch_size=7),
    "loader of pairs": lambda: DataLoader(TensorDataset(torch.from_numpy(X.copy()), torch.arange(N)), batch_size=7),
    "generator of batches": lambda: (X[i : i + 9] for i in range(0, N, 9)),
    "generator of mappings": lambda: ({"samples": X[i : i + 9]} for i in range(0, N, 9)),
    "mapping": lambda: {"samples": X},
}
ALBUMS = {
    "pillow": lambda: PILLOW,
    "pairs": lambda: [(picture, i % 2) for i, picture in enumerate(PILLOW)],
    "records": lambda: [{"image": picture, "label": i % 2} for i, picture in enumerate(PILLOW)],
    "generator": lambda: iter(PILLOW),
    "batches": lambda: (PILLOW[i : i + 8] for i in range(0, N, 8)),
    "arrays": lambda: list(PICTURES),
    "loader": lambda: ({"images": PICTURES[i : i + 8], "labels": np.zeros(8)} for i in range(0, N, 8)),
}


def values(data):
    """All rows as they came, sorted."""
    back = [np.asarray(data.codec.decode(part.all())) for part in (data.train, data.validation, data.test)]
    return np.array(sorted(np.concatenate(back).reshape(N, -1).tolist()))


@pytest.mark.parametrize("form", TABLES)
def test_columns_are_matched_by_name_in_every_form_of_a_table(form):
    ours = load(FRAME)
    assert torch.allclose(load_like(ours, TABLES[form]()).x, ours.codec.encode(FRAME).x)
    data = load(TABLES[form]())
    assert set(data.space.names) == set("abc")
    assert torch.allclose(load_like(data, FRAME).x, data.codec.encode(FRAME).x)
    assert np.allclose(np.sort(data.codec.decode(data.test.all())["b"]), np.sort(FRAME["b"].to_numpy()[_test()]))


def _test():
    """Rows of the test part, which is drawn by the seed alone."""
    data = load(X)
    return [int(np.abs(X - row).sum(1).argmin()) for row in data.codec.decode(data.test.all())]


@pytest.mark.parametrize("form", ROWS)
def test_rows_are_rows_in_every_form_of_an_array(form):
    data = load(X)
    assert torch.equal(load_like(data, ROWS[form]()).x, data.codec.encode(X).x)
    assert np.allclose(values(load(ROWS[form]())), sorted(X.tolist()), atol=1e-6)


@pytest.mark.parametrize("form", ALBUMS)
def test_pictures_are_pictures_in_every_form(form):
    data = load(PICTURES)
    assert torch.equal(load_like(data, ALBUMS[form]()).x, data.codec.encode(PICTURES).x)
    again = load(ALBUMS[form](), native=True)
    assert again.space.shape == (3, 8, 8)
    assert torch.equal(load_like(again, PICTURES).x, data.codec.encode(PICTURES).x)


def test_labels_of_pairs_are_the_classes():
    for given in (ALBUMS["pairs"](), (X, np.arange(N) % 2), (list(X), (np.arange(N) % 2).tolist())):
        assert load(given, native=True).space.classes == ("0", "1")
    data = load((FRAME, pd.Series(np.arange(N) % 2, name="kind")))
    assert data.space.classes == ("0", "1")
    assert list(data.codec.decode(data.test.all())) == ["a", "b", "c", "kind"]


class TestPolars:
    @pytest.fixture(autouse=True)
    def polars(self):
        self.pl = pytest.importorskip("polars", reason="polars is not installed")

    def test_frames_are_rows_of_columns(self):
        given = self.pl.DataFrame({name: FRAME[name].to_numpy() for name in "bca"})
        data = load(given)
        assert sum(map(len, (data.train, data.validation, data.test))) == N
        assert torch.allclose(load_like(load(FRAME), given).x, load(FRAME).codec.encode(FRAME).x)
        assert torch.allclose(load_like(data, FRAME).x, data.codec.encode(FRAME).x)

    def test_series_and_types(self):
        assert load(self.pl.Series("a", X[:, 0])).space.names == ("a",)
        given = self.pl.DataFrame({"n": range(100, 100 + 7 * N, 7), "w": [0.5, 1.25] * (N // 2)})
        back = load(given).codec.decode(load(given).test.all())
        assert back["n"].dtype == np.int64
        assert set(back["w"]) <= {0.5, 1.25}

    def test_missing_and_lazy(self):
        data = load(self.pl.DataFrame({"a": [1.0, 2.0, None] + [4.0] * 30}))
        assert data.codec.decode(data.codec.encode(pd.DataFrame({"a": [None, 2.0]})))["a"].isna().tolist() == [
            True,
            False,
        ]
        with pytest.raises(Refused, match=r"polars\.LazyFrame .* collect\(\)"):
            load(self.pl.DataFrame({"a": [1.0]}).lazy())


class TestHub:
    @pytest.fixture(autouse=True)
    def datasets(self):
        self.hub = pytest.importorskip("datasets", reason="the extra hub is not installed")

    @pytest.mark.parametrize("form", [None, "numpy", "torch", "pandas", "arrow"])
    def test_any_format_is_the_same_table(self, form):
        given = self.hub.Dataset.from_pandas(FRAME[["c", "b", "a"]]).with_format(form)
        assert torch.allclose(load_like(load(FRAME), given).x, load(FRAME).codec.encode(FRAME).x)
        assert load(given).space.names == ("c", "b", "a")

    def test_columns_of_the_format_alone(self):
        given = self.hub.Dataset.from_pandas(FRAME.assign(d=1.5)).with_format("numpy", columns=["a", "b", "c"])
        assert load(given).space.names == ("a", "b", "c")

    def test_rows_of_arrays_and_transforms(self):
        given = self.hub.Dataset.from_dict({"vector": X.tolist(), "label": [0, 1] * (N // 2), "note": ["x"] * N})
        found = raw_data_of(given, "samples")
        assert np.allclose(found.x, X)
        assert found.labels.tolist() == [0, 1] * (N // 2)
        assert any("left out: note" in note for note in found.notes)
        turned = given.select_columns(["vector"]).with_transform(
            lambda rows: {"v": [-np.array(v) for v in rows["vector"]]}
        )
        assert np.allclose(raw_data_of(turned, "samples").x, -X)

    def test_pictures_and_streams(self):
        given = self.hub.Dataset.from_dict({"image": PILLOW, "label": [0, 1] * (N // 2)})
        assert torch.equal(load_like(load(PICTURES), given).x, load(PICTURES).codec.encode(PICTURES).x)
        assert load(given).space.classes == ("0", "1")
        rows = self.hub.Dataset.from_pandas(FRAME).to_iterable_dataset()
        assert torch.allclose(load_like(load(FRAME), rows).x, load(FRAME).codec.encode(FRAME).x)

    def test_splits(self):
        one = self.hub.Dataset.from_pandas(FRAME)
        data = load(self.hub.DatasetDict(train=one, test=one))
        assert len(data.test) == N
        with pytest.raises(Refused, match="must be one split, got train, test"):
            load_like(data, self.hub.DatasetDict(train=one, test=one))


class TestMasked:
    MASKED = np.ma.masked_array(X, mask=np.arange(3 * N).reshape(N, 3) == 3 * 5 + 1)

    def test_values_under_a_mask_are_never_used(self):
        for given in (self.MASKED, iter([self.MASKED]), list(self.MASKED), {"samples": self.MASKED}):
            with pytest.raises(Refused, match="must have no masked values, which are missing"):
                load_like(load(X), given)
        with pytest.raises(Refused, match="got 1 of 120, the first in row 5, column 1"):
            load(self.MASKED)

    def test_of_a_structured_array(self):
        given = np.ma.array(structured(), mask=False)
        assert load(given).space.names == ("a", "b", "c")
        given["b"][7] = np.ma.masked
        with pytest.raises(Refused, match="field 'b' .* the first in row 7"):
            load(given)


class TestByPosition:
    def test_arrays_have_the_columns_of_a_table(self):
        said = []
        assert torch.equal(load_like(load(FRAME), X, said).x, load(FRAME).codec.encode(FRAME).x)
        assert said == ["columns of samples have no names and are taken by position: a, b, c."]

    def test_tables_have_the_coordinates_of_an_array(self):
        said = []
        assert torch.equal(load_like(load(X), FRAME, said).x, load(X).codec.encode(X).x)
        assert said == ["columns of samples are taken by position, since the data have no names: a, b, c."]

    def test_of_other_widths_are_refused_with_the_remedy(self):
        with pytest.raises(
            Refused, match="3 coordinates as the data have, got the 4 columns a, b, c, d; give the data"
        ):
            load_like(load(X), FRAME.assign(d=1.5))
        with pytest.raises(Refused, match=r"3 columns .* got shape \(40, 2\); give a table with the columns a, b, c"):
            load_like(load(FRAME), X[:, :2])

    def test_labels_and_row_numbers_beside_coordinates_are_left_out_and_said(self):
        said = []
        given = FRAME.assign(label=0).reset_index()
        assert torch.equal(load_like(load(X), given, said).x, load(X).codec.encode(X).x)
        assert [s.split(" of samples")[0] for s in said] == ["column 'index'", "columns", "labels"]


class TestCallables:
    def test_seeds_go_where_they_are_meant(self):
        said = []
        seen = []
        call_sampler(lambda n, seed: seen.append((n, seed)), 5, 3, said)
        call_sampler(lambda n=1, random_state=None: seen.append((n, random_state)), 5, 3, said)
        call_sampler(lambda *given: seen.append(given), 5, 3, said)
        assert seen == [(5, 3)] * 3
        assert said == []
        call_sampler(lambda n, tries=7: seen.append((n, tries)), 5, 3, said)
        assert seen[-1] == (5, 7)
        assert "takes no seed" in said[0]

    def test_distributions_and_mixtures(self):
        law = torch.distributions.MultivariateNormal(torch.zeros(3), torch.eye(3))
        state = torch.get_rng_state()
        one, same, other = (call_sampler(law.sample, 6, seed, []) for seed in (1, 1, 2))
        assert one.shape == (6, 3)
        assert torch.equal(one, same)
        assert not torch.equal(one, other)
        assert torch.equal(state, torch.get_rng_state())
        mixture, said = GaussianMixture(2, random_state=0).fit(X), []
        assert load_like(load(X), call_sampler(mixture.sample, 9, 0, []), said).x.shape == (9, 3)
        assert said == ["labels of samples are left out: the data have none."]
        with pytest.raises(Refused, match=r"got sklearn\.GaussianMixture; pass its method sample"):
            load_like(load(X), mixture)

    def test_networks_and_classes(self):
        for given, name in ((torch.nn.Linear(3, 3), "torch.Linear, a network"), (np.ndarray, "a class")):
            with pytest.raises(Refused, match=name):
                call_sampler(given, 5, 0, [])
        with pytest.raises(Refused, match="callable without arguments"):
            load(lambda n: X)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (object(), "got object"),
        (b"abc", "got bytes"),
        ({1.0, 2.0}, "got set"),
        (["a", "b"] * N, "must hold numbers, got str such as 'a'"),
        ([], "must have entries"),
        ([[1.0, 2.0]] * N + [[1.0]], "of one shape"),
        ([X[:3], X[:5, :2]], "of one shape"),
        (PILLOW[0], r"got PIL\.Image; give a list"),
        ((X, X[:, 0], X), r"\(points, labels\), got 3 entries"),
        ({"u": X, "v": X}, "one entry of rows or pictures, got u, v"),
        ({"u": [1.0], "v": [1.0, 2.0]}, "columns of one length"),
        ((row for row in X), "may be one row or many"),
        (PILLOW[:3] + [X[0]] * N, "of one kind throughout"),
        (np.zeros((N, 2), dtype=[("a", "f8")]), "one axis"),
        (torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], layout=torch.jagged), "nested tensor"),
    ],
)
def test_what_is_no_form_is_refused(given, reason):
    with pytest.raises(Refused, match=reason):
        load(given)


def test_sparse_matrices_too_large_to_write_out():
    with pytest.raises(Refused, match="would take 745 GB with its zeros"):
        load(scipy.sparse.csr_matrix((10**6, 10**5)))


def test_a_frame_and_a_picture_are_not_one_another():
    with pytest.raises(Refused, match="the data are images, and samples a table"):
        load_like(load(PICTURES), FRAME)
    for data in (FRAME, X):
        with pytest.raises(Refused, match="samples pictures"):
            load_like(load(data), PILLOW)
