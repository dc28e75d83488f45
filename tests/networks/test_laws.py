"""Laws of every network plan, found by walking the room."""

import pytest

from pushforward import networks
from pushforward.errors import Refused
from pushforward.networks import (
    DCGAN,
    MLP,
    SNDCGAN,
    Cells,
    ConvPool,
    Ladder,
    LargeResNet,
    Maxout,
    Network,
    SNResNet,
    StridedDCGAN,
    Suited,
)
from pushforward.spaces import Columns, Image, Space, Vector
from pushforward.testing.networks import LAWS, SPACES, numbers

# small plans, so that the laws cost seconds; a new plan is tested with its defaults until it stands here
SMALL = {
    DCGAN: DCGAN(4),
    Cells: Cells(4, 1),
    Maxout: Maxout(16, 8),
    ConvPool: ConvPool((4, 4, 4), (16,)),
    Ladder: Ladder(width=4),
    MLP: MLP((16, 16)),
    SNDCGAN: SNDCGAN(4),
    SNResNet: SNResNet(4),
    StridedDCGAN: StridedDCGAN(4, 4),
    LargeResNet: LargeResNet(2, 2),
}
PLANS = [
    SMALL.get(kind, kind())
    for kind in (getattr(networks, name) for name in networks.__all__)
    if isinstance(kind, type) and issubclass(kind, Network) and kind is not Network
]
PLANS += [DCGAN(4, batch_norm=False), Ladder(levels=1, width=4, depth=0)]


# what each plan refuses, besides all but pictures, and nothing else
ODD = {Image(1, 30, 30)}
REFUSED = {
    DCGAN: set(),
    Cells: set(),
    Ladder: set(),
    SNDCGAN: ODD | {Image(3, 160, 160)},
    SNResNet: ODD,
    StridedDCGAN: set(),
    LargeResNet: {s for s in SPACES if isinstance(s, Image) and min(s.shape[1:]) < 64},
}
CRITICS_OF_PICTURES = (ConvPool,)
GENERATORS = [
    (p, s)
    for p in PLANS
    for s in SPACES
    if s not in REFUSED.get(type(p), ()) and (isinstance(s, Image) or type(p) not in {*REFUSED})
]
CRITICS = [(p, s) for p, s in GENERATORS if isinstance(s, Image) or type(p) not in CRITICS_OF_PICTURES]


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


CODED = {
    (p, s)
    for p in PLANS
    for s in SPACES
    if isinstance(p, MLP | Suited) or (isinstance(p, DCGAN | Ladder) and isinstance(s, Image))
}


@cases([(p, s) for p in PLANS for s in SPACES])
def test_what_has_an_encoder_and_what_has_a_field(plan: Network, space: Space):
    """MLP has both for any space, DCGAN and Ladder an encoder of pictures; all others refuse by name."""
    if (plan, space) in CODED:
        plan.encoder(space, numbers(plan, space, 2))
    else:
        with pytest.raises(
            Refused,
            match="has no encoder; choose a network that has, such as MLP|(DCGAN|Ladder) (needs|makes)",
        ):
            plan.encoder(space, 2)
    plan_of_points = plan.plan(space) if isinstance(plan, Suited) else plan
    if isinstance(plan_of_points, MLP):
        plan.field(space)
    else:
        with pytest.raises(Refused, match="has no field of vectors; choose a network that has"):
            plan.field(space)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_law(plan: Network, law):
    law(plan)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: DCGAN().generator(5, Vector(2)), "DCGAN makes pictures.*choose another network, such as MLP"),
        (lambda: DCGAN().critic(Columns(("a",)), 1), "DCGAN makes pictures.*such as MLP"),
        (lambda: DCGAN().generator(5, Image(1, 30, 7)), "8 pixels or more, got 30×7; choose --size 8, or another"),
        (lambda: DCGAN().critic(Image(1, 7, 7), 1), "8 pixels or more, got 7×7; choose --size 8, or another"),
        (lambda: DCGAN(kernel=3), "kernel of DCGAN must be 4 or 5 pixels, got 3"),
        (lambda: Cells().generator(5, Vector(2)), "Cells makes pictures.*choose another network, such as MLP"),
        (lambda: Cells(0), "width of Cells must be at least 1 and depth at least 0, got 0 and 4"),
        (lambda: Ladder().encoder(Vector(9), 4), "Ladder makes pictures, got data of shape .9,.; choose another"),
        (
            lambda: Ladder().generator(40, Image(1, 28, 28)),
            "98 numbers of a code besides its vector, got 40 for all; give 99 or more, or --network.levels 1",
        ),
        (lambda: Ladder(4).sizes(Image(1, 28, 28), 5), "at most 3 levels for pictures of 28×28, got 4; say --network"),
        (lambda: Ladder(width=0), "width of Ladder must be at least 1, and depth and growth at least 0, got 2, 2, 0"),
        (lambda: ConvPool().critic(Vector(9), 1), "ConvPool halves a picture 3 times.*such as MLP"),
        (lambda: ConvPool().critic(Image(1, 7, 7), 1), "choose fewer channels or another network"),
        (lambda: SNDCGAN().critic(Vector(9), 1), "SNDCGAN makes pictures.*such as MLP"),
        (
            lambda: SNDCGAN().generator(5, Image(3, 160, 160)),
            "halve down to 4–12 pixels.*got 160×160; choose --size 96",
        ),
        (lambda: SNDCGAN().generator(5, Image(3, 75, 100)), "got 75×100; choose --size 72"),
        (lambda: SNResNet().critic(Image(1, 30, 30), 1), "got 30×30; choose --size (28|32)"),
        (
            lambda: LargeResNet().critic(Image(3, 72, 72), 1),
            "64 pixels or more that are multiples of 16, got 72×72; choose --size 64",
        ),
        (lambda: StridedDCGAN().critic(Image(1, 7, 20), 1), "8 pixels or more, got 7×20; choose --size 8"),
        (lambda: StridedDCGAN().generator(5, Vector(2)), "StridedDCGAN makes pictures"),
        (lambda: MLP(()), "widths of MLP must be positive"),
        (lambda: MLP((3, 0)), "widths of MLP must be positive"),
    ],
)
def test_refusals_say_what_to_do(build, said):
    with pytest.raises(Refused, match=said):
        build()
