"""The laws of network plans, on every space that a plan accepts."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.testing import assert_close

from pushforward.errors import Refused
from pushforward.networks import Network, takes
from pushforward.spaces import Columns, Image, OneOf, Space, Vector
from pushforward.testing.rule import holds, is_a_value, laws_of

CLASSES = ("a", "b", "c")
SPACES: tuple[Space, ...] = (
    Image(1, 28, 28),
    Image(3, 32, 32),
    Image(3, 48, 48),
    Image(3, 64, 64),
    Image(1, 8, 8),
    Image(3, 16, 16, 0.0, 1.0),
    Image(1, 12, 20),
    Image(1, 30, 30),
    Vector(2),
    Vector(40),
    Columns(("a", "b", "c")),
    Columns(("a", OneOf("b", CLASSES), "c", OneOf("d", ("no", "yes")))),
    Image(3, 160, 160),
    Image(1, 28, 28, classes=CLASSES),
    Image(3, 32, 32, classes=CLASSES),
    Image(1, 64, 64, classes=CLASSES),
    Vector(2, classes=CLASSES),
)


def numbers(plan: Network, space: Space, coarsest: int = 5) -> int:
    """Return how many numbers of noise a generator takes, of all levels of a code whose coarsest has so many."""
    return sum(plan.sizes(space, coarsest))


def generators(plan: Network) -> Iterator[tuple[Space, nn.Module]]:
    """Yield a generator of every space that the plan accepts."""
    for space in SPACES:
        try:
            yield space, plan.generator(numbers(plan, space), space)
        except Refused:
            continue


def critics(plan: Network, outputs: int) -> Iterator[tuple[Space, nn.Module]]:
    """Yield a critic of every space that the plan accepts."""
    for space in SPACES:
        try:
            yield space, plan.critic(space, outputs)
        except Refused:
            continue


def pairs(plan: Network) -> Iterator[tuple[Space, nn.Module, nn.Module]]:
    """Yield generator and critic of every space for which the plan has both."""
    for space in SPACES:
        try:
            yield space, plan.generator(numbers(plan, space), space), plan.critic(space, 3)
        except Refused:
            continue


def encoders(plan: Network, latent_dim: int) -> Iterator[tuple[Space, nn.Module]]:
    """Yield an encoder of every space for which the plan has one."""
    for space in SPACES:
        try:
            yield space, plan.encoder(space, numbers(plan, space, latent_dim))
        except Refused:
            continue


def fields(plan: Network) -> Iterator[tuple[Space, nn.Module]]:
    """Yield a field of every space for which the plan has one."""
    for space in SPACES:
        try:
            yield space, plan.field(space)
        except Refused:
            continue


def out(network: nn.Module, v: Tensor, first: int = 0) -> Tensor:
    """Return the network's output for noise or points, with labels first, first + 1, … if it takes them."""
    label = (first + torch.arange(len(v))) % len(CLASSES)
    return network(v, label) if "label" in takes(network) else network(v)


def some_space_is_accepted(plan: Network) -> None:
    """The plan accepts one of the spaces at hand for generator or critic; others it refuses, with `Refused`."""
    accepted = any(True for _ in generators(plan)) or any(True for _ in critics(plan, 1))
    holds(accepted, f"it refuses all of {', '.join(map(str, SPACES))}")


def a_generator_ends_in_the_space(plan: Network) -> None:
    """The generator's points have the space's shape and range, however far out the noise is."""
    with torch.no_grad():
        for space, g in generators(plan):
            for scale in (1.0, 1e4):
                y = out(g, scale * torch.randn(3, numbers(plan, space)))
                holds(y.shape == (3, *space.shape), f"of {space} it gave shape {tuple(y.shape)}")
                holds(y.dtype == torch.float32, f"of {space} it gave {y.dtype}")
                if space.range is not None:
                    low, high = space.range
                    holds(bool(low <= y.min()) and bool(y.max() <= high), f"of {space} it leaves the range")


def a_generator_gives_one_level_a_block(plan: Network) -> None:
    """The generator gives the indicator of exactly one level of every block, and noise decides which."""
    with torch.no_grad():
        for space, g in generators(plan):
            y = out(g.eval(), 10 * torch.randn(50, numbers(plan, space))) if space.choices else torch.empty(0)
            for block, place in space.choices:
                one = y[:, place]
                holds(bool(((one == 0) | (one == 1)).all() and (one.sum(1) == 1).all()), f"of {block} it gave {one[0]}")
                holds(bool((one.amax(0) == 1).sum() > 1), f"of {block} it always gave the same level")


def a_generator_fills_the_range(plan: Network) -> None:
    """The generator reaches both ends of a range far out, and goes beyond any bound where there is none."""
    with torch.no_grad():
        for space, g in generators(plan):
            if space.range is None:
                most = out(g.eval(), 1e4 * torch.randn(20, numbers(plan, space))).abs().max()
                holds(most > 100, f"of {space} it stays within {most:.3g}")
                continue
            y, (low, high) = out(g.eval(), 1e7 * torch.randn(20, numbers(plan, space))), space.range
            reached = y.min() < low + 0.01 * (high - low) and y.max() > high - 0.01 * (high - low)
            holds(reached, f"of {space} it reaches from {y.min():.3g} to {y.max():.3g}")


def a_critic_gives_features(plan: Network) -> None:
    """The critic's features of points (n, *shape) are finite and of shape (n, outputs)."""
    for outputs in (1, 7):
        for space, f in critics(plan, outputs):
            h = out(f, torch.randn(3, *space.shape))
            holds(h.shape == (3, outputs), f"of {space} it gave shape {tuple(h.shape)}")
            holds(h.isfinite().all(), f"of {space} it gave numbers that are not finite")


def an_encoder_gives_codes(plan: Network) -> None:
    """The encoder turns points into finite codes without bounds, and treats each by itself in evaluation mode."""
    for space, e in encoders(plan, 6):
        x = torch.randn(8, *space.shape, requires_grad=True)
        c = out(e, x)
        holds(c.shape == (8, numbers(plan, space, 6)), f"of {space} it gave shape {tuple(c.shape)}")
        _all_learn(e, x, c, space)
        with torch.no_grad():
            assert_close(out(e.eval(), x)[1:2], out(e, x[1:2], 1), rtol=1e-4, atol=1e-5)
            holds(out(e, 1e6 * x).abs().max() > 100, f"of {space} its codes stay within bounds")


def a_field_gives_vectors_at_points(plan: Network) -> None:
    """The field turns points and times into finite vectors of the points' shape, which have no bounds."""
    for space, v in fields(plan):
        holds("time" in takes(v), f"of {space} it has no parameter called time")
        x, time = torch.randn(8, *space.shape, requires_grad=True), torch.rand(8)
        u = v(x, time)
        holds(u.shape == x.shape, f"of {space} it gave shape {tuple(u.shape)}")
        _all_learn(v, x, u, space)
        with torch.no_grad():
            v.eval()
            assert_close(v(x, time)[1:2], v(x[1:2], time[1:2]), rtol=1e-4, atol=1e-5)
            holds((v(x, time) != v(x, 1 - time)).flatten(1).any(1).all(), f"of {space} the time changes nothing")
            holds(v(1e6 * x, time).abs().max() > 100, f"of {space} its vectors stay within bounds")


def _all_learn(network: nn.Module, x: Tensor, y: Tensor, space: Space) -> None:
    """Check that y is finite, and so is its gradient in every parameter and in x, none of them wholly zero."""
    holds(y.isfinite().all(), f"of {space} it gave numbers that are not finite")
    (y * torch.randn_like(y)).sum().backward()
    for name, p in [*network.named_parameters(), ("the points", x)]:
        if p.grad is None or not p.grad.isfinite().all() or not p.grad.abs().max() > 0:
            raise AssertionError(f"of {space} the gradient of {name} is absent, zero or not finite")


def gradients_reach_every_parameter_and_the_noise(plan: Network) -> None:
    """A loss of the critic of the generator has a finite gradient, not wholly zero, for every parameter of both."""
    for space, g, f in pairs(plan):
        n = 16 if space.dim < 10_000 else 4
        z = torch.randn(n, numbers(plan, space), requires_grad=True)
        (out(f, out(g, z)) * torch.randn(n, 3)).sum().backward()
        for name, p in [*g.named_parameters(prefix="g"), *f.named_parameters(prefix="f"), ("z", z)]:
            gradient = p.grad
            if gradient is None or not gradient.isfinite().all() or not gradient.abs().max() > 0:
                raise AssertionError(f"of {space} the gradient of {name} is absent, zero or not finite")


def rows_do_not_mix_in_evaluation(plan: Network) -> None:
    """The output for a point in evaluation mode is the same alone as among others."""
    with torch.no_grad():
        for space, g, f in pairs(plan):
            z, x = torch.randn(4, numbers(plan, space)), torch.randn(4, *space.shape)
            assert_close(out(g.eval(), z)[1:2], out(g, z[1:2], 1), rtol=1e-4, atol=1e-5)
            assert_close(out(f.eval(), x)[1:2], out(f, x[1:2], 1), rtol=1e-4, atol=1e-5)


def labels_matter(plan: Network) -> None:
    """A generator and a critic take labels just where there are classes and the plan says so, and then they matter."""
    with torch.no_grad():
        for space, g, f in pairs(plan):
            takes_them, words = plan.takes_labels and bool(space.classes), f"of {space} labels are taken, or not, by "
            holds(("label" in takes(g)) == takes_them, words + "the generator")
            holds(("label" in takes(f)) == takes_them, words + "the critic")
            for network, v in (
                (g.eval(), torch.randn(3, numbers(plan, space))),
                (f.eval(), torch.randn(3, *space.shape)),
            ):
                if "label" in takes(network):
                    holds(not torch.equal(out(network, v), out(network, v, 1)), f"of {space} labels change nothing")


def its_networks_are_new(plan: Network) -> None:
    """The same seed gives the same weights, in tensors of their own."""
    again = type(plan)(**vars(plan))
    holds(plan == again and hash(plan) == hash(again), "the same options make another plan")
    for space, *_ in pairs(plan):
        torch.manual_seed(1)
        first = again.generator(numbers(plan, space), space), again.critic(space, 3)
        torch.manual_seed(1)
        second = again.generator(numbers(plan, space), space), again.critic(space, 3)
        for one, other in zip(first, second, strict=True):
            same = [(torch.equal(p, q), p is q) for p, q in zip(one.parameters(), other.parameters(), strict=True)]
            holds(all(equal for equal, _ in same), f"of {space} the weights differ")
            holds(not any(shared for _, shared in same), f"of {space} two networks share weights")
        return


LAWS = laws_of(
    "networks",
    is_a_value,
    some_space_is_accepted,
    a_generator_ends_in_the_space,
    a_generator_gives_one_level_a_block,
    a_generator_fills_the_range,
    a_critic_gives_features,
    an_encoder_gives_codes,
    a_field_gives_vectors_at_points,
    gradients_reach_every_parameter_and_the_noise,
    rows_do_not_mix_in_evaluation,
    labels_matter,
    its_networks_are_new,
)
