"""Laws of every network plan, found by walking the room."""

import pytest

from pushforward import networks
from pushforward.errors import Refused
from pushforward.networks import DCGAN, MLP, ConvPool, Maxout, Network, Suited
from pushforward.spaces import Columns, Image, Space, Vector
from pushforward.testing.networks import LAWS, SPACES

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


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_law(plan: Network, law):
    law(plan)


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
