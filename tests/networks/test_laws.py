"""Laws of every network plan, found by walking the room."""

import pytest
import torch

from pushforward import networks
from pushforward.errors import Refused
from pushforward.networks import DCGAN, MLP, ConvPool, Maxout, Network, Suited
from pushforward.spaces import Columns, Image, Space, Vector

SPACES = [
    Image(1, 28, 28),
    Image(3, 32, 32),
    Image(3, 64, 64),
    Image(1, 8, 8),
    Image(3, 16, 16, 0.0, 1.0),
    Image(1, 12, 20),
    Image(1, 30, 30),
    Vector(2),
    Vector(40),
    Columns(("a", "b", "c")),
]
# small plans, so that the laws cost seconds; a new plan is tested with its defaults until it stands here
SMALL = {DCGAN: DCGAN(4), Maxout: Maxout(16, 8), ConvPool: ConvPool((4, 4, 4), (16,)), MLP: MLP((16, 16))}
PLANS = [
    SMALL.get(kind, kind())
    for kind in (getattr(networks, name) for name in networks.__all__)
    if issubclass(kind, Network) and kind is not Network
]


# what each plan refuses, and nothing else
REFUSED = {
    DCGAN: {Image(1, 30, 30), Vector(2), Vector(40), Columns(("a", "b", "c"))},
    Suited: {Image(1, 30, 30)},
}
REFUSED_BY_CRITIC = {ConvPool: {Vector(2), Vector(40), Columns(("a", "b", "c"))}}
GENERATORS = [(p, s) for p in PLANS for s in SPACES if s not in REFUSED.get(type(p), ())]
CRITICS = [(p, s) for p, s in GENERATORS if s not in REFUSED_BY_CRITIC.get(type(p), ())]


def cases(pairs):
    return pytest.mark.parametrize(("plan", "space"), pairs, ids=[f"{type(p).__name__} {s}" for p, s in pairs])


@cases([(p, s) for p in PLANS for s in SPACES if (p, s) not in GENERATORS])
def test_a_space_without_a_generator_is_refused(plan: Network, space: Space):
    with pytest.raises(Refused):
        plan.generator(5, space)


@cases([(p, s) for p in PLANS for s in SPACES if (p, s) not in CRITICS])
def test_a_space_without_a_critic_is_refused(plan: Network, space: Space):
    with pytest.raises(Refused):
        plan.critic(space, 1)


@cases(GENERATORS)
def test_a_generator_ends_in_the_space(plan: Network, space: Space):
    g = plan.generator(5, space)
    with torch.no_grad():
        for scale in (1.0, 1e4):  # the range holds however far out the noise is
            y = g(scale * torch.randn(3, 5))
            assert y.shape == (3, *space.shape)
            assert y.dtype == torch.float32
            if space.range is not None:
                low, high = space.range
                assert low <= y.min()
                assert y.max() <= high


@cases([(p, s) for p, s in GENERATORS if s.range])
def test_a_generator_reaches_both_ends_of_a_range(plan: Network, space: Space):
    g = plan.generator(5, space).eval()
    with torch.no_grad():
        y = g(1e7 * torch.randn(20, 5))
    low, high = space.range
    assert y.min() < low + 0.01 * (high - low)
    assert y.max() > high - 0.01 * (high - low)


@cases([(p, s) for p, s in GENERATORS if not s.range])
def test_a_generator_without_bounds_is_unbounded(plan: Network, space: Space):
    g = plan.generator(5, space).eval()
    with torch.no_grad():
        assert g(1e4 * torch.randn(20, 5)).abs().max() > 100


@pytest.mark.parametrize("outputs", [1, 7])
@cases(CRITICS)
def test_a_critic_gives_features(plan: Network, space: Space, outputs: int):
    f = plan.critic(space, outputs)
    h = f(torch.randn(3, *space.shape))
    assert h.shape == (3, outputs)
    assert h.isfinite().all()


@cases(CRITICS)
def test_gradients_reach_every_parameter_and_the_input(plan: Network, space: Space):
    g, f = plan.generator(5, space), plan.critic(space, 3)
    z = torch.randn(16, 5, requires_grad=True)
    (f(g(z)) * torch.randn(16, 3)).sum().backward()
    for name, p in [*g.named_parameters(prefix="g"), *f.named_parameters(prefix="f"), ("z", z)]:
        assert p.grad is not None, name
        assert p.grad.isfinite().all(), name
        # what batch norm subtracts again has a gradient of zero up to rounding; of all others some entry has not
        assert p.grad.abs().max() > 0, name


@cases(CRITICS)
def test_rows_do_not_mix_in_evaluation(plan: Network, space: Space):
    g, f = plan.generator(5, space).eval(), plan.critic(space, 3).eval()
    z = torch.randn(4, 5)
    with torch.no_grad():
        torch.testing.assert_close(g(z)[1:2], g(z[1:2]), rtol=1e-4, atol=1e-5)
        x = torch.randn(4, *space.shape)
        torch.testing.assert_close(f(x)[1:2], f(x[1:2]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_a_plan_is_a_value_and_its_networks_are_new(plan: Network):
    assert plan == type(plan)(**vars(plan))
    assert hash(plan) == hash(type(plan)(**vars(plan)))
    space = Image(1, 28, 28)
    for build in (lambda: plan.generator(5, space), lambda: plan.critic(space, 2)):
        torch.manual_seed(1)
        a = build()
        torch.manual_seed(1)
        b = build()
        assert all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters(), strict=True))
        assert all(p is not q for p, q in zip(a.parameters(), b.parameters(), strict=True))


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: DCGAN().generator(5, Vector(2)), "DCGAN makes pictures.*choose another network, such as MLP"),
        (lambda: DCGAN().critic(Columns(("a",)), 1), "DCGAN makes pictures.*such as MLP"),
        (lambda: DCGAN().generator(5, Image(1, 30, 30)), "got 30×30; choose --size 32"),
        (lambda: DCGAN().critic(Image(1, 7, 7), 1), "got 7×7; choose --size 32"),
        (lambda: DCGAN(kernel=3), "kernel of DCGAN must be 4 or 5 pixels, got 3"),
        (lambda: ConvPool().critic(Vector(9), 1), "ConvPool halves a picture 3 times.*such as MLP"),
        (lambda: ConvPool().critic(Image(1, 7, 7), 1), "choose fewer channels or another network"),
        (lambda: MLP(()), "widths of MLP must be positive"),
        (lambda: MLP((3, 0)), "widths of MLP must be positive"),
    ],
)
def test_refusals_say_what_to_do(build, said):
    with pytest.raises(Refused, match=said):
        build()
