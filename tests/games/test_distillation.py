"""A map that is learnt from pairs: a linear one is found again, the stock is the same after a resume."""

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.bijectors import ActNorm
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import Energy
from pushforward.errors import Refused
from pushforward.games import Distillation
from pushforward.games.pairs import Pairs, carried
from pushforward.networks import MLP
from pushforward.networks.cells import Cellwise
from pushforward.samplers import Flow, Normal, Pushforward, Uniform
from pushforward.spaces import Batch, Columns, Image, OneOf, Vector
from pushforward.training import Turn
from pushforward.tuning import Adam, Cosine

SCALE, SHIFT = torch.tensor([2.0, 0.5]), torch.tensor([1.0, -3.0])


def linear_teacher():
    """x = z / e^s − b e^{-s} = SCALE·z + SHIFT."""
    f = ActNorm(2)
    with torch.no_grad():
        f.log_scale.copy_(-SCALE.log())
        f.shift.copy_(-SHIFT / SCALE)
    return Flow(f, Normal(2), (2,))


def student(**options):
    torch.manual_seed(0)
    return Distillation(Vector(2), Pushforward(nn.Linear(2, 2), Normal(2)), Energy(), **options)


def trained(game, steps):
    game.learn_from(linear_teacher())
    x = SCALE * torch.randn(2000, 2) + SHIFT
    game.prepare(TensorPart(x))
    turn = Turn(dict(game.players()), game.tune)
    for number in range(steps):
        turn.begin(number, number / steps)
        game.step(lambda: Batch(x[torch.randint(len(x), (64,))]), turn)
    return game


@pytest.mark.parametrize("adversarial", [0.0, 0.1])
def test_a_linear_map_is_found_again(adversarial):
    """It is the one minimum of the regression; the distance to data of its own law, least there too, leaves it."""
    game = trained(student(adversarial=adversarial, tune=Adam(0.05, decay=Cosine(0.0))), 600)
    g = game.sampler.network
    assert torch.allclose(g.weight, SCALE.diag(), atol=0.02 if not adversarial else 0.1)
    assert torch.allclose(g.bias, SHIFT, atol=0.02 if not adversarial else 0.1)


def test_a_step_by_hand():
    """One turn's gradient is that of ρ·mean (g(z) − T(z))² + α·D of the same pairs and samples, written out."""
    game = student(regression=2.0, adversarial=3.0, batch_size=16)
    game.learn_from(linear_teacher())
    x = torch.randn(16, 2)
    game.prepare(TensorPart(x))
    g = game.sampler.network
    state = torch.get_rng_state()
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    before = {name: p.detach().clone() for name, p in g.named_parameters()}
    game.step(lambda: Batch(x), turn)
    found = {name: p.grad.clone() for name, p in g.named_parameters()}
    torch.set_rng_state(state)
    weight, bias = (before[name].requires_grad_() for name in ("weight", "bias"))
    z = torch.randn(16, 2, generator=torch.Generator().manual_seed(game._stock.seed))
    z = z[torch.randint(16, (16,))]
    regression = ((z @ weight.T + bias - (SCALE * z + SHIFT)) ** 2).mean()
    loss = 2 * regression + 3 * Energy()(x, torch.randn(16, 2) @ weight.T + bias)
    expected = torch.autograd.grad(loss, (weight, bias))
    for name, gradient in zip(("weight", "bias"), expected, strict=True):
        assert torch.allclose(found[name], gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("fresh", [4, 8, 20])
def test_the_stock_is_the_same_whoever_asks_first(fresh):
    """A stock that has seen every turn and one that begins at turn 37, as after a resume, hold the same pairs."""
    kept, resumed = (Pairs(linear_teacher(), seed=5, most=64, fresh=fresh, block=8) for _ in range(2))
    for turn in range(37):
        kept.draw(turn, 8)
    state = torch.get_rng_state()
    a = kept.draw(37, 8)
    torch.set_rng_state(state)
    b = resumed.draw(37, 8)
    assert torch.equal(a.z, b.z)
    assert torch.equal(a.x, b.x)
    assert torch.allclose(a.x, SCALE * a.z + SHIFT, rtol=1e-5, atol=1e-5)


def test_the_newest_pairs_are_kept():
    """After t turns of 8 the pairs are those of the last 64/8 blocks, whose noise their numbers give."""
    stock = Pairs(linear_teacher(), seed=5, most=64, fresh=8, block=8)
    seen = {tuple(z) for z in stock.draw(100, 2000).z.tolist()}
    blocks = [torch.randn(8, 2, generator=torch.Generator().manual_seed(5 + k)) for k in range(93, 101)]
    assert seen == {tuple(z) for z in torch.cat(blocks).tolist()}


def test_normal_noise_becomes_uniform():
    z = torch.tensor([[-10.0, -1.0, 0.0, 1.0, 10.0]])
    u = carried(z, Uniform(5, 0.0, 1.0))
    assert u.tolist()[0] == pytest.approx([0.0, 0.158655, 0.5, 0.841345, 1.0], abs=1e-6)
    assert u.max() < 1
    assert carried(z, Uniform(5, -1.0, 3.0))[0, 2] == 1.0
    assert carried(z, Normal(5)) is z


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("triangular", Vector(3)),
        ("grid_cdf", Image(1, 8, 8)),
        ("table_cdf", Columns(("a", OneOf("b", ("x", "y", "z"))))),
        ("real_nvp", Image(1, 8, 8)),
        ("maf", Vector(3)),
    ],
)
def test_maps_of_noise_of_every_kind_can_be_learnt(name, space):
    teacher = getattr(pf.recipes, name)(space).sampler
    game = pf.recipes.distilled(space, network=MLP((8,)), critic_network=MLP((8,)))
    game.learn_from(teacher)
    game.prepare(TensorPart(torch.rand(64, *space.shape)))
    pair = game._stock.draw(0, 5)
    assert pair.x.shape == (5, *space.shape)
    assert torch.allclose(pair.x, teacher.push(carried(pair.z, teacher.noise_law), pair.label), atol=1e-4)


def test_classes_are_told():
    space = Vector(2, ("cat", "dog"))
    game = pf.recipes.distilled(space, network=MLP((8,)), critic_network=MLP((8,)))
    game.learn_from(pf.recipes.triangular(space).sampler)
    game.prepare(TensorPart(torch.rand(64, 2)))
    assert set(game._stock.draw(0, 64).label.tolist()) == {0, 1}
    with pytest.raises(Refused, match="t takes no labels and the sampler that is to learn it 2; set --conditional"):
        game.learn_from(pf.recipes.triangular(space, conditional=False).sampler, "t")


def test_what_cannot_be_learnt_is_refused():
    game = pf.recipes.distilled(Vector(2))
    with pytest.raises(Refused, match="t has no map from noise that could be learnt: GaussianMixture decides by chan"):
        game.learn_from(pf.recipes.gmm(Vector(2)).sampler, "t")
    with pytest.raises(Refused, match="t maps 100 numbers of noise, and the sampler that is to learn it takes 2"):
        game.learn_from(pf.recipes.gan(Vector(2)).sampler, "t")
    with pytest.raises(Refused, match="a distillation needs a teacher"):
        game.prepare(TensorPart(torch.rand(64, 2)))
    with pytest.raises(Refused, match="regression and adversarial of Distillation must be 0 or more, not both 0"):
        pf.recipes.distilled(Vector(2), regression=0.0, adversarial=0.0)
    with pytest.raises(Refused, match="pairs and fresh of Distillation must be at least 1"):
        pf.recipes.distilled(Vector(2), fresh=0)


def test_a_sampler_of_pictures_sees_noise_beside_what_it_decides():
    seen = [type(pf.recipes.distilled(space).sampler.network) for space in (Image(1, 16, 16), Image(1, 8, 8))]
    assert seen[0] is Cellwise
    assert seen[1] is not Cellwise
