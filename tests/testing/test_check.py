"""Members written elsewhere: in one file, from the command line by a dotted path, and through the laws."""

import importlib
import subprocess
import sys
from dataclasses import dataclass

import pytest
import torch
import yaml

import pushforward as pf
from pushforward import index
from pushforward.cli import main
from pushforward.errors import Refused
from pushforward.spaces import OneOf, Real
from pushforward.testing import ROOMS, Rule, check, laws

MINE = '''
"""A kernel, a discrepancy, an f-divergence, a constraint and the recipe that takes them."""

from dataclasses import dataclass

import torch

from pushforward.critics import Adversarial, Constraint
from pushforward.discrepancies import MMD, Discrepancy, Divergence
from pushforward.games import Matching
from pushforward.kernels import Kernel, pairwise
from pushforward.networks import MLP, Network
from pushforward.samplers import Normal, Pushforward
from pushforward.tuning import Adam


@dataclass(frozen=True)
class Cauchy(Kernel):
    """k = 1/(1 + s/width²), s the squared distance.

    Args:
        width: scale.
    """

    width: float = 1.0

    def __call__(self, x, y):
        return 1 / (1 + pairwise.squared_distance(x, y) / self.width**2)


@dataclass(frozen=True)
class LeastSquares(Discrepancy):
    """D = -E (x - 1)² - E y²: Pearson's divergence, up to constants, at the best critic p/(p + q).

    Args:
        target: what a sample should be taken for.
    """

    target: float = 1.0
    one_sided = True

    def __call__(self, x, y):
        x, y = (v if v.dtype == torch.float64 else v.float() for v in (x, y))
        return -(x - 1).square().mean() - y.square().mean()

    def surrogate(self, x, y):
        return ((y if y.dtype == torch.float64 else y.float()) - self.target).square().mean()

    def witness(self, h, x, y):
        return h.squeeze(1)


@dataclass(frozen=True)
class LeCam(Divergence):
    """f(u) = share·(1 - u)²/(1 + u): with share ½, the divergence of Le Cam.

    Args:
        share: above 0.
    """

    share: float = 0.5

    def f(self, u):
        return self.share * (1 - u).square() / (1 + u)

    def activation(self, v):
        return self.share * (1 - 4 * torch.sigmoid(-v).square())

    def conjugate(self, v):
        return self.share * torch.tanh(v / 2) * (3 - 2 * torch.sigmoid(-v))

    def log_ratio(self, v):
        return v


@dataclass(frozen=True)
class Shrinking(Constraint):
    """weight·mean f(x)² taken off the objective, and parameters within [-bound, bound].

    Args:
        weight: at least 0.
        bound: above 0.
    """

    weight: float = 0.1
    bound: float = 1.0

    def tax(self, v):
        return self.weight * v.own_fx.square().mean()

    @torch.no_grad()
    def project(self, f):
        for p in f.parameters():
            p.clamp_(-self.bound, self.bound)


def mine(
    space,
    network: Network = MLP((8,)),
    discrepancy: Discrepancy = LeastSquares(),
    constraint: Constraint = Shrinking(),
) -> Matching:
    """Lower a discrepancy of the user's own.

    Args:
        space: of the data.
        network: of both players.
        discrepancy: compares the critic's outputs.
        constraint: on the critic.
    """
    g = Pushforward(network.generator(3, space), Normal(3))
    return Matching(space, g, Adversarial(discrepancy, network.critic(space, 1), constraint), Adam(1e-3))
'''


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder with one file of the user's own, from which the command line is called."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    (tmp_path / "plug_members.py").write_text(MINE)
    importlib.invalidate_caches()
    yield importlib.import_module("plug_members")
    del sys.modules["plug_members"]


def test_members_of_every_room_from_elsewhere_pass(elsewhere):
    for member in (
        elsewhere.Cauchy(2.0),
        elsewhere.Cauchy,
        elsewhere.LeastSquares(),
        elsewhere.LeCam(),
        elsewhere.Shrinking(),
    ):
        check(member)
    check(elsewhere.mine)


def test_they_work_from_the_command_line(elsewhere, tmp_path):
    tiny = ["--data", "ring", "--steps", "2", "--no-verdict", "--quiet"]
    kernel = ["--kernel", "plug_members.Cauchy", "--kernel.width", "2.0"]
    assert main(["fit", "gram", *tiny, *kernel, "--run", "a"]) == 0
    divergence = ["--divergence", "plug_members.LeCam", "--divergence.share", "0.7"]
    assert main(["fit", "f-gan", *tiny, *divergence, "--run", "c"]) == 0
    own = ["--discrepancy", "plug_members.LeastSquares", "--discrepancy.target", "0.9"]
    own += ["--constraint", "plug_members.Shrinking", "--constraint.bound", "0.5"]
    assert main(["fit", "plug_members.mine", *tiny, *own, "--run", "b"]) == 0
    arguments = yaml.safe_load((tmp_path / "b" / "call.yaml").read_text())["arguments"]
    assert arguments["constraint"] == {
        "class_path": "plug_members.Shrinking",
        "init_args": {"weight": 0.1, "bound": 0.5},
    }
    assert arguments["discrepancy"]["init_args"] == {"target": 0.9}
    assert main(["fit", "--resume", "b", "--steps", "4", "--quiet", "--trust", "plug_members"]) == 0


# One member of each room that breaks one law, and a word of the sentence that says so.
@dataclass(frozen=True)
class Lopsided(pf.kernels.Kernel):
    def __call__(self, x, y):
        return x.sum(1, keepdim=True).square() + torch.zeros(len(x), len(y)).to(x)


@dataclass(frozen=True)
class Vectorial(pf.discrepancies.Discrepancy):
    def __call__(self, x, y):
        return x.mean(0) - y.mean(0)

    def witness(self, h, x, y):
        return h.squeeze(1)


class Misread(pf.discrepancies.ReverseKL):
    def log_ratio(self, v):
        return -v


@dataclass(frozen=True)
class Wandering(pf.critics.Constraint):
    @torch.no_grad()
    def project(self, f):
        for p in f.parameters():
            p.add_(1.0)


@dataclass(frozen=True)
class Loose(pf.networks.Network):
    def generator(self, latent_dim, space):
        return torch.nn.Linear(latent_dim, space.dim)

    def critic(self, space, outputs):
        return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(space.dim, outputs))


@dataclass(frozen=True)
class Frozen(pf.samplers.Noise):
    dim: int = 3

    def draw(self, n, generator=None, device=None):
        return torch.zeros(n, self.dim)

    def log_prob(self, x):
        return torch.zeros(len(x))


@dataclass(frozen=True)
class Backwards(pf.metrics.Metric):
    name = "backwards"
    better = "higher"
    cost = "n"
    least_samples = 2

    def measure(self, x, y):
        return (pf.metrics.Score("backwards", float((x.mean(0) - y.mean(0)).norm()), better="higher"),)


@dataclass(frozen=True)
class Sure(pf.metrics.Metric):
    name = "sure"
    better = "lower"
    cost = "n"
    least_samples = 2

    def measure(self, x, y):
        return (pf.metrics.Score("sure", float((x.mean(0) - y.mean(0)).norm())),)


def unexplained(space, width: int = 3):
    return pf.recipes.mmd_net(space)


BROKEN = [
    (Lopsided(), r"Lopsided\(\) breaks a law of kernels, 'k\(x, y\) = k\(y, x\)ᵀ'"),
    (Vectorial(), "breaks a law of discrepancies, 'The value and the surrogate are scalars"),
    (Misread(), "breaks a law of f-divergences, 'f.* at u = p/q as read off"),
    (Wandering(), "breaks a law of constraints, 'The second of two projections changes nothing"),
    (Loose(), r"breaks a law of networks, 'The generator's points have the space's shape and range.*shape \(3, 784\)"),
    (Frozen(), "breaks a law of noises, 'The same seed gives the same draws, and the next draws are others'"),
    (Sure(), r"those of sure are \(None, None, None\)"),
    (Backwards(), "breaks a law of metrics, 'The first score is better for samples of the data's law"),
    (unexplained, "unexplained breaks a law of recipes, .*width is not explained under Args"),
]


@pytest.mark.parametrize(("thing", "said"), BROKEN, ids=lambda v: getattr(v, "__name__", type(v).__name__))
def test_a_broken_law_is_named(thing, said):
    with pytest.raises(AssertionError, match=said):
        check(thing)


def test_a_law_that_cannot_be_tried_is_broken_and_the_reason_kept():
    @dataclass(frozen=True)
    class Once(pf.kernels.Kernel):
        def __call__(self, x, y):
            raise NotImplementedError("only in one dimension")

    with pytest.raises(AssertionError, match="NotImplementedError: only in one dimension") as caught:
        check(Once())
    assert isinstance(caught.value.__cause__, NotImplementedError)


def test_what_belongs_to_no_room_is_refused():
    with pytest.raises(Refused, match="check takes a Kernel, Discrepancy.* or a recipe, got int"):
        check(3)


def test_torchs_generator_is_left_as_it_was():
    torch.manual_seed(7)
    expected = torch.randn(3)
    torch.manual_seed(7)
    check(pf.kernels.Gaussian(1.0))
    check(pf.samplers.Normal(2))
    assert torch.equal(torch.randn(3), expected)


def test_every_room_has_laws_with_a_sentence_each():
    everything = [*ROOMS.values(), laws(pf.recipes.gan)]
    for law in (law for room in everything for law in room):
        assert isinstance(law, Rule)
        assert (law.holds.__doc__ or "").endswith(".")


def test_no_test_runner_is_needed():
    code = "import sys, pushforward.testing; print('pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# those whose defaults cost seconds, or that have none; correlations of numbers alone do not see where these are
SMALL = {
    "Trend": pf.metrics.Trend((OneOf("b", ("no", "yes")), Real("a"))),
    "KIDSubsets": pf.metrics.KIDSubsets(subsets=5, size=50),
    "Jackknifed": pf.metrics.Jackknifed(pf.metrics.EnergyDistance(), 5),
}
EVERYTHING = ("constraints", "divergences", "metrics", "noises", "recipes")


def members():
    """What is under no walk of its own room's tests."""
    entries = [e for kind in EVERYTHING for e in index.entries(kind)]
    return [
        (e.name, SMALL.get(e.name) or getattr(importlib.import_module(f"pushforward.{e.module}"), e.name))
        for e in entries
    ]


@pytest.mark.parametrize(("name", "member"), members(), ids=[name for name, _ in members()])
def test_ours_pass(name, member):
    check(member)
