"""Neighbours and memberships are those of plain float64 differences, whatever proposes them."""

import pytest
import torch

from pushforward.kernels.arithmetic import fast_bf16
from pushforward.metrics.numerics.neighbours import rounding, screening
from pushforward.metrics.numerics.neighbours.candidates import Shortlist
from pushforward.metrics.numerics.neighbours.duplicates import Distinct, identities
from pushforward.metrics.numerics.neighbours.exact import sharpened, squared_differences
from pushforward.metrics.numerics.neighbours.nearest import memberships, nearest
from pushforward.metrics.numerics.neighbours.rounding import BF16, F32, F64, ListedRows, Rounded
from pushforward.metrics.numerics.neighbours.screening import Screen, Tile, tiles

LADDERS = {"bfloat16": (BF16, F32, F64), "float32": (F32, F64), "float64": (F64,), "bfloat16 alone": (BF16,)}


def clouds(name, dtype=torch.float32):
    """Two samples of 150 and 130 points that are hard in one way each."""
    draw = torch.Generator().manual_seed(3)
    x, y = torch.randn(150, 70, generator=draw), 1.05 * torch.randn(130, 70, generator=draw)
    if name == "offset":
        x, y = x + 1e3, y + 1e3
    if name == "ties":
        x, y = (z.mul(0.7).round()[:, :5].repeat(1, 14) for z in (x, y))
    if name == "copies":
        x, y = x[torch.arange(150) // 4], torch.cat([x[:20], y[:1].expand(60, 70), y[:50]])
    if name == "tight clusters":
        far = 100 * torch.randn(3, 70, generator=draw)
        x, y = (1e-3 * z + far[torch.arange(len(z)) % 3] for z in (x, y))
    if name == "lengths":
        x, y = (z * torch.logspace(-6, 6, len(z))[:, None] for z in (x, y))
    return x.to(dtype), y.to(dtype)


def squares(x, y):
    """All of them, from float64 differences."""
    return (x.double()[:, None] - y.double()).square().sum(-1)


def plain(x, y, k, strict):
    """Radii and memberships by the definitions."""
    of_x, of_y = (squares(z, z).sort(1).values[:, k] for z in (x, y))
    between, inside = squares(x, y), torch.lt if strict else torch.le
    return of_x, of_y, inside(between, of_x[:, None]), inside(between, of_y)


def screened(x, y, k, strict):
    """The same from the code under test."""
    of_x, of_y = nearest(x, x, k, itself=True), nearest(y, y, k, itself=True)
    in_x, in_y = torch.zeros(2, len(x), len(y), dtype=torch.bool)
    for a, b in memberships(everything(x), everything(y), of_x, of_y, strict=strict):
        in_x[a], in_y[b] = True, True
    return of_x, of_y, in_x, in_y


def everything(x):
    return ListedRows(x, torch.arange(len(x)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ["plain", "offset", "ties", "copies", "tight clusters", "lengths"])
@pytest.mark.parametrize("ladder", LADDERS)
def test_equals_differences(monkeypatch, ladder, name, dtype):
    monkeypatch.setattr(screening, "ladder", lambda reach, d: LADDERS[ladder])
    for module in (rounding, screening):
        monkeypatch.setattr(module, "BLOCK", 2500)
    x, y = clouds(name, dtype)
    for k, strict in ((1, False), (5, True)):
        assert all(map(torch.equal, screened(x, y, k, strict), plain(x, y, k, strict)))


def test_does_not_depend_on_fast_units_or_threads(monkeypatch):
    x, y = clouds("plain")
    answers, threads = [], torch.get_num_threads()
    for fast, number in ((True, 1), (False, 1), (False, 2)):
        for module in (rounding, screening):
            monkeypatch.setattr(module, "fast_bf16", lambda fast=fast: fast)
        torch.set_num_threads(number)
        answers.append(screened(x, y, 3, False))
    torch.set_num_threads(threads)
    assert all(torch.equal(a, b) for other in answers[1:] for a, b in zip(answers[0], other, strict=True))


@pytest.mark.parametrize("name", ["plain", "offset", "lengths", "tight clusters"])
@pytest.mark.parametrize("arithmetic", [BF16, F32, F64], ids=["bfloat16", "float32", "float64"])
def test_bounds_hold(arithmetic, name):
    x, y = (everything(z) for z in clouds(name, torch.float64))
    center = y.x.mean(0)
    sides = Rounded(x, center, arithmetic), Rounded(y, center, arithmetic)
    tile = Tile(*sides, slice(0, 150), slice(0, 130))
    pairs, truth = tile.close(torch.full((150,), torch.inf)), squares(x.x, y.x)
    assert len(pairs) == truth.numel()
    truth_of_pairs = truth[pairs.i, pairs.j]
    room = 1e-12 * truth_of_pairs  # of the reference itself
    assert (pairs.lower <= truth_of_pairs + room).all()
    assert (pairs.upper >= truth_of_pairs - room).all()
    assert (tile.upper() >= truth * (1 - 1e-12)).all()


@pytest.mark.parametrize("limit", [10.0, 60.0, 100.0])
def test_what_is_not_proposed_is_not_close(limit):
    x, y = (everything(z) for z in clouds("plain"))
    center = torch.zeros(70, dtype=torch.float64)
    tile = Tile(Rounded(x, center, BF16), Rounded(y, center, BF16), slice(10, 150), slice(20, 130))
    of_x, of_y = torch.full((150,), limit), torch.linspace(0, 2 * limit, 130)
    pairs, truth = tile.close(of_x.double(), of_y.double()), squares(x.x, y.x)
    proposed = torch.zeros(150, 130, dtype=torch.bool)
    proposed[pairs.i, pairs.j] = True
    wanted = (truth <= limit) | (truth <= of_y)
    assert proposed[10:, 20:][wanted[10:, 20:]].all()


def test_bounds_from_float32_differences_hold():
    x, y = (everything(z) for z in clouds("offset"))
    i, j = (part.reshape(-1) for part in torch.meshgrid(torch.arange(150), torch.arange(130), indexing="ij"))
    unknown = torch.full((len(i),), torch.inf, dtype=torch.float64)
    pairs = sharpened(x, y, screening.Pairs(i, j, -unknown, unknown), torch.ones(len(i), dtype=torch.bool))
    truth = squared_differences(x, y, i, j)
    assert ((pairs.lower <= truth) & (truth <= pairs.upper)).all()
    assert ((pairs.upper - pairs.lower) <= 2e-5 * truth).all()


def test_one_row_has_the_same_square_as_many():
    # A single long row would be summed in another order by several threads.
    z = everything(torch.randn(40, 50_000))
    i, threads = torch.arange(40), torch.get_num_threads()
    torch.set_num_threads(2)
    together, alone = (
        squared_differences(z, z, i, i.flip(0)),
        [squared_differences(z, z, i[a : a + 1], i.flip(0)[a : a + 1]) for a in i],
    )
    torch.set_num_threads(threads)
    assert torch.equal(together, torch.cat(alone))


def test_most_pairs_are_never_computed_again():
    """Screening is worth it: of 10⁶ ordered pairs, few may hold a fifth neighbour by their bounds."""
    x, one = everything(torch.randn(1000, 256)), torch.ones(1000, dtype=torch.int64)
    screen, listed = Screen(x, x), Shortlist(x, x, 5, one, one - 1)
    for rows, columns in tiles(1000, 1000, symmetric=True):
        listed.take(screen, rows, columns)
    assert 5 * 1000 <= len(listed.pairs) < 10 * 1000
    assert torch.equal(listed.kth(), squares(x.x, x.x).sort(1).values[:, 5])


def test_distinct_rows():
    x = torch.tensor([[1.0, 2.0], [0.0, 3.0], [1.0, 2.0], [-0.0, 3.0], [5.0, 2.0]])
    found = Distinct.of(x)
    assert (found.first.tolist(), found.count.tolist(), found.inverse.tolist()) == (
        [0, 1, 4],
        [2, 2, 1],
        [0, 1, 0, 1, 2],
    )
    assert found.repeated == 4 / 5


def test_rows_that_agree_where_looked_first_are_told_apart():
    x = torch.zeros(3, 100)
    x[1, 99] = 1.0
    ids = identities(x, x[[1]])
    assert ids[0].tolist() == [0, 1, 0]
    assert ids[1].tolist() == [1]


def test_fast_units_are_used_where_they_are():
    assert (screening.ladder(1.0, 2048)[0] is BF16) == fast_bf16()
    assert screening.ladder(1.0, 8)[0] is F32
    assert screening.ladder(1e20, 2048) == (F64,)
