"""Trees as critics of tables: leaves as boxes, their exact masses, the step that moves these, matched tables."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.tree import DecisionTreeClassifier
from torch.testing import assert_close

import pushforward as pf
from pushforward.data.parts.stored import TensorPart
from pushforward.games import ForestMatching
from pushforward.games.boxes import boxes_of, masses
from pushforward.games.forest_matching import SMALL, discrimination, pair_distance, shares_of_pairs
from pushforward.games.leaf_bank import LeafBank
from pushforward.networks import MLP
from pushforward.samplers import Normal, ProductHeads
from pushforward.spaces import Batch, Columns, OneOf, Real
from pushforward.training import Turn
from pushforward.tuning import SGD, Adam

SIZES = [4, 3, 2]
MIXED = Columns(("a", OneOf("b", ("x", "y", "z")), OneOf("c missing", ("no", "yes")), Real("c", absent=True)))


def laws(n=5, seed=0):
    torch.manual_seed(seed)
    return torch.cat([torch.randn(n, k, dtype=torch.float64).softmax(1) for k in SIZES], 1)


def random_boxes(count=6, seed=1):
    torch.manual_seed(seed)
    return torch.rand(count, sum(SIZES)) < 0.6


def by_enumeration(p, boxes):
    """The sum over all cells of the table, each with the product of its codes' probabilities."""
    starts, total = np.cumsum([0, *SIZES]), np.zeros((len(p), len(boxes)))
    for cell in product(*map(range, SIZES)):
        at = [int(s) + c for s, c in zip(starts, cell, strict=False)]
        total += np.prod(p.numpy()[:, at], 1)[:, None] * boxes.numpy()[:, at].all(1)
    return total


def rows(n=1500, seed=0):
    """Rows of MIXED in which b follows a, and c is missing where b is z."""
    draw = np.random.default_rng(seed)
    a = draw.integers(0, 6, n)
    b = np.where(draw.random(n) < 0.9, a // 2, draw.integers(0, 3, n))
    gap = b == 2
    parts = [a[:, None], np.eye(3)[b], np.eye(2)[gap.astype(int)], np.where(gap, 0, draw.normal(size=n) + a)[:, None]]
    return Batch(torch.tensor(np.concatenate(parts, 1), dtype=torch.float32))


class TestMasses:
    def test_are_those_of_an_enumeration(self):
        p, boxes = laws(), random_boxes()
        assert_close(masses(p, boxes, SIZES), torch.from_numpy(by_enumeration(p, boxes)))

    def test_are_those_of_draws(self):
        torch.manual_seed(0)
        g = ProductHeads(MIXED.blocks, MLP((16,)), Normal(3), 8)
        g.prepare(rows())
        with torch.no_grad():
            for weight in g.network.parameters():
                weight.mul_(4)
            z = g.draw_noise(100_000)
            codes = torch.stack([code for code, _ in g.chosen(z)], 1)
            boxes = torch.rand(5, sum(g.sizes)) < 0.7
            exact = masses(g.laws(z), boxes, g.sizes).mean(0)
        starts = torch.tensor([0, *g.sizes]).cumsum(0)[:-1]
        inside = torch.stack([box[codes + starts].all(1) for box in boxes], 1).float()
        error = (inside.var(0) / len(inside)).sqrt()  # of the draws of codes given z, and a little of z too
        assert (inside.mean(0) - exact).abs().max() < 4 * error.max()
        assert exact.min() > 20 * error.max(), "or the test says nothing"

    def test_of_a_tree_s_leaves_sum_to_one_and_hold_the_rows_that_it_puts_there(self):
        draw = np.random.default_rng(0)
        codes = np.stack([draw.integers(0, k, 400) for k in SIZES], 1)
        orders = [draw.permutation(k) for k in SIZES]
        seen = np.stack([o[c] for o, c in zip(orders, codes.T, strict=True)], 1)
        tree = DecisionTreeClassifier(max_leaf_nodes=9, random_state=0).fit(seen, (codes.sum(1) % 2) > 0)
        boxes = boxes_of(tree.tree_, orders)
        p = laws()
        assert_close(masses(p, torch.from_numpy(boxes), SIZES).sum(1), torch.ones(len(p), dtype=torch.float64))
        starts = np.cumsum([0, *SIZES])[:-1]
        leaf = np.array([[box[starts + code].all() for box in boxes] for code in codes])
        numbers = np.flatnonzero(tree.tree_.children_left < 0)
        assert (leaf.sum(1) == 1).all()
        assert (numbers[leaf.argmax(1)] == tree.apply(seen)).all()


class TestLosses:
    def test_the_gradient_of_leaves_is_the_written_out_one(self):
        """∂/∂m_z of Σ (q₁ − p)(q₂ − p)/(q + p), and ∂m_z/∂p_i(a|z) = 1[a ∈ A_i]·Π over the other columns."""
        p, boxes = laws(6).requires_grad_(), random_boxes()
        shares = torch.rand(len(boxes), dtype=torch.float64) / 4
        discrimination(masses(p, boxes, SIZES), shares).backward()
        q, found = by_enumeration(p.detach(), boxes), np.zeros(p.shape)
        first, second = q[:3].mean(0) - shares.numpy(), q[3:].mean(0) - shares.numpy()
        below, starts = shares.numpy() + q.mean(0) + SMALL[0], np.cumsum([0, *SIZES])
        for z, k in product(range(6), range(len(boxes))):
            outer = (second if z < 3 else first)[k] / below[k] / 3
            sums = [(p.detach()[z] * boxes[k])[s:e].sum().item() for s, e in zip(starts, starts[1:], strict=False)]
            for i, (s, e) in enumerate(zip(starts, starts[1:], strict=False)):
                others = np.prod([v for j, v in enumerate(sums) if j != i])
                found[z, s:e] += outer * others * boxes[k, s:e].numpy()
        assert_close(p.grad, torch.from_numpy(found))

    def test_noise_of_z_adds_nothing_to_the_numerator(self):
        """Over all halves of four rows, the mean of (q₁ − p)(q₂ − p) is what independent rows have: Σ_{i≠j}."""
        q, p = torch.rand(4, 2, dtype=torch.float64), torch.rand(2, dtype=torch.float64)
        below = p + q.mean(0) + SMALL[0]
        halves = [[0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 1, 2]]
        mean = torch.stack([discrimination(q[h], p) for h in halves]).mean()
        gap = q - p
        pairs = (gap.sum(0).square() - gap.square().sum(0)) / 12
        assert_close(mean, (pairs / below).sum())

    def test_pairs_are_compared_as_written(self):
        codes = torch.stack([torch.randint(k, (50,)) for k in SIZES], 1)
        both, q = shares_of_pairs(codes, SIZES), laws().float()
        starts, total = np.cumsum([0, *SIZES]), 0.0
        share = lambda i, a: float((codes[:, i] == a).float().mean())
        for i, a in ((i, a) for i, k in enumerate(SIZES) for a in range(k)):
            mine = q[:, starts[i] + a]
            total += (float(mine.mean()) - share(i, a)) ** 2 / (share(i, a) + SMALL[1])
            for j, b in ((j, b) for j, k in enumerate(SIZES) if j != i for b in range(k)):
                joint = float(((codes[:, i] == a) & (codes[:, j] == b)).float().mean())
                gap = float((mine * q[:, starts[j] + b]).mean()) - joint
                total += gap**2 / (share(i, a) * share(j, b) + SMALL[1])
        assert float(pair_distance(q, both, SIZES)) == pytest.approx(total / sum(SIZES), rel=1e-4)


def test_a_bank_replaces_the_oldest_trees_and_holds_shares_of_all_rows():
    torch.manual_seed(0)
    bank = LeafBank(SIZES, [True, False, False], 2, 5, 2)
    codes = torch.stack([torch.randint(k, (600,)) for k in SIZES], 1)
    other = torch.stack([torch.randint(max(k - 1, 1), (600,)) for k in SIZES], 1)
    for _ in range(3):
        before = bank.boxes[1].clone()
        bank.grow(codes[:300], other[:300], codes)
    assert int(bank.grown) == 3
    assert torch.equal(bank.boxes[1], before)
    boxes, shares, each = bank.some(1000)
    assert each == pytest.approx(1 / 4)  # all leaves of four trees
    starts = torch.tensor([0, *SIZES]).cumsum(0)[:-1]
    held = torch.stack([box[codes + starts].all(1).float().mean() for box in boxes])
    assert_close(shares, held)
    assert float(shares.sum()) == pytest.approx(4)
    some = bank.some(3)
    assert len(some[0]) == 3
    assert some[2] == pytest.approx(len(boxes) / 3 / 4)


def test_a_step_goes_down_what_it_says():
    torch.manual_seed(0)
    g = ProductHeads(MIXED.blocks, MLP((8,)), Normal(2), 8)
    game = ForestMatching(MIXED, g, 2, 6, 1, 2, 1000, 0.0, 0, SGD(0.1, 0.0), 32)
    game.prepare(TensorPart(rows().x))
    before = [w.clone() for w in g.network.parameters()]
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(1, 0.0)
    torch.manual_seed(1)
    game.step(lambda: Batch(torch.zeros(32, MIXED.dim)), turn)
    moved = [w.clone() for w in g.network.parameters()]
    with torch.no_grad():
        for w, old in zip(g.network.parameters(), before, strict=True):
            w.copy_(old)
    torch.manual_seed(1)
    twin = ForestMatching(MIXED, g, 2, 6, 1, 2, 1000, 0.0, 0, SGD(0.1, 0.0), 32)
    twin._codes = game._codes
    twin.grow()
    p = g.laws(g.draw_noise(32))
    boxes, shares, each = twin.bank.some(1000)
    slopes = torch.autograd.grad(
        20 * each * discrimination(masses(p, boxes, g.sizes), shares), list(g.network.parameters())
    )
    for new, old, slope in zip(moved, before, slopes, strict=True):
        assert_close(new, old - 0.1 * slope, rtol=1e-4, atol=1e-6)


def test_dependent_columns_are_matched(tmp_path):
    x = rows(3000).x.numpy()
    names = np.array(["x", "y", "z"])[x[:, 1:4].argmax(1)]
    frame = pd.DataFrame({"a": x[:, 0].astype(int), "b": names, "c": np.where(x[:, 5] > 0, np.nan, x[:, 6])})
    data = pf.data.load(frame)
    game = pf.recipes.forest(data.space, alone=20, every=20, at_once=200, batch_size=200)
    run = pf.fit(game, data, steps=250, run=tmp_path / "r", verdict=False, examples=False, quiet=True)
    y = pf.load(run.path).sample(3000)
    assert list(y) == ["a", "b", "c"]
    assert (y["c"].isna() == (y["b"] == "z")).mean() > 0.93  # 0.33 · 0.33 + 0.67² = 0.55 of independent columns
    table = lambda f: pd.crosstab(f["a"], f["b"], normalize=True)
    gap = (table(frame) - table(y)).abs().to_numpy().sum() / 2
    assert gap < 0.1  # of independent columns 0.53
    again = pf.load(run.path).sample(50, seed=3)
    pd.testing.assert_frame_equal(again, run.sample(50, seed=3))


def test_classes_are_a_column_of_the_trees_and_resuming_is_exact(tmp_path):
    draw = np.random.default_rng(0)
    kind = draw.choice(["p", "q"], 800)
    frame = pd.DataFrame({"u": draw.normal(size=800) + 3 * (kind == "p"), "v": draw.integers(0, 3, 800), "kind": kind})
    data = pf.data.load(frame, labels="kind")
    make = lambda: pf.recipes.forest(data.space, MLP((16,)), alone=4, every=4, batch_size=60, tune=Adam(1e-3))
    options = {"verdict": False, "examples": False, "quiet": True, "seed": 1}
    whole = pf.fit(make(), data, steps=24, run=tmp_path / "a", **options)
    pf.fit(make(), data, steps=14, run=tmp_path / "b", **options, checkpoint_every=14)
    resumed = pf.resume(tmp_path / "b", steps=24, data=data, quiet=True)
    assert int(resumed.game.bank.grown) > 0
    first, second = (run.sampler("raw").state_dict() for run in (whole, resumed))
    assert all(torch.equal(first[name], second[name]) for name in first)
    y = whole.sample(40, label="p")
    assert (y["kind"] == "p").all()
