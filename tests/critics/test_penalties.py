"""Each constraint against its paper's formula, written out with one gradient a point."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from pushforward.critics import (
    DRAGAN,
    ActivationPenalty,
    Adversarial,
    GradientConstrained,
    GradientPenalty,
    Scaling,
    SpectralNorm,
    View,
    ZeroCentred,
)
from pushforward.discrepancies import MMD, Biased, BoundarySeeking, Cramer, JensenShannon, MeanDifference, Root
from pushforward.errors import Refused
from pushforward.kernels import Distance, Gaussian, Laplacian, Linear, RationalQuadratic
from pushforward.spaces import Batch


@pytest.fixture(autouse=True)
def _doubles():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def critic(outputs: int = 1, dim: int = 3) -> nn.Module:
    return nn.Sequential(nn.Linear(dim, 6), nn.Tanh(), nn.Linear(6, outputs))


def batches(n: int = 5, m: int = 5, dim: int = 3):
    return Batch(torch.randn(n, dim)), Batch(torch.randn(m, dim) + 0.5)


def slope(w, point):
    """‖∇w‖ at one point, w a function of a batch of one."""
    point = point.unsqueeze(0).detach().requires_grad_()
    (g,) = torch.autograd.grad(w(point).sum(), point, create_graph=True)
    return g.norm()


def agree(a, b, f):
    """Equal values and equal gradients of the critic."""
    torch.testing.assert_close(a, b, rtol=1e-11, atol=1e-12)
    options = {"allow_unused": True, "materialize_grads": True, "retain_graph": True}
    ours, theirs = (torch.autograd.grad(t, list(f.parameters()), **options) for t in (a, b))
    for p, q in zip(ours, theirs, strict=True):
        torch.testing.assert_close(p, q, rtol=1e-9, atol=1e-11)


def between(x, y, seed):
    torch.manual_seed(seed)
    u = torch.rand(len(x), 1)
    return u * x + (1 - u) * y


@pytest.mark.parametrize(
    ("D", "outputs"),
    [
        (MeanDifference(), 1),
        (MMD(Gaussian((0.5, 2.0))), 4),
        (Cramer(True), 4),
        (MMD(Distance()), 4),
        (MMD(Linear()), 4),
    ],
    ids=repr,
)
def test_the_gradient_penalty_is_on_the_witness(D, outputs):
    """λ·mean (‖∇ŵ(ux + (1−u)y)‖ − 1)²; the witness's own references are no functions of the point, but of f."""
    f, (x, y) = critic(outputs), batches()
    v = View(D, f, x, y)
    torch.manual_seed(3)
    got = GradientPenalty(7.0).tax(v)
    points = between(x.x, y.x, 3)
    lengths = torch.stack([slope(lambda t: D.witness(f(t), f(x.x), f(y.x)), h) for h in points])
    agree(got, 7 * ((lengths - 1) ** 2).mean(), f)


@pytest.mark.parametrize("slope", [0.25, 1.0, 3.0])
def test_a_one_sided_penalty_taxes_steep_witnesses_alone(slope):
    """10·(‖∇w‖ − 1)₊² of the linear critic w = ⟨c, t⟩, whose slope is ‖c‖ everywhere."""
    f = nn.Linear(3, 1, bias=False)
    nn.init.constant_(f.weight, slope / 3**0.5)
    v = View(MeanDifference(), f, *batches())
    expected = torch.tensor(10 * max(0.0, slope - 1) ** 2)
    torch.testing.assert_close(GradientPenalty(one_sided=True).tax(v), expected, rtol=1e-12, atol=1e-14)


def test_the_witness_of_cramers_critic_is_its_authors():
    """f(t) = E‖h(t) − h(y′)‖ − ‖h(t)‖."""
    f, (x, y) = critic(4), batches()
    ours = Adversarial(Cramer(True), f).witness(x.x, x.x, y.x)
    loops = torch.stack([(f(t) - f(y.x)).norm(dim=1).mean() - f(t).norm() for t in x.x])
    torch.testing.assert_close(ours, loops, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("n", "m"), [(5, 3), (3, 5)])
def test_unequal_batches_pair_at_random(n, m):
    """The linear critic w = ⟨c, t⟩ has the same slope everywhere, whoever is paired; which points are, changes."""
    f = nn.Linear(3, 1, bias=False)
    x, y = batches(n, m)
    v = View(MeanDifference(), f, x, y)
    expected = 10 * (f.weight.norm() - 1) ** 2
    torch.testing.assert_close(GradientPenalty().tax(v), expected, rtol=1e-12, atol=0)
    curved = View(MeanDifference(), critic(), x, y)
    assert len({GradientPenalty().tax(curved).item() for _ in range(4)}) == 4


@pytest.mark.parametrize(("data", "samples"), [(True, False), (False, True), (True, True)])
@pytest.mark.parametrize(("D", "outputs"), [(JensenShannon(), 1), (MMD(Gaussian()), 3)], ids=repr)
def test_zero_centred_penalties(D, outputs, data, samples):
    """γ/2·E‖∇w‖² at data (R1), at samples (R2); inside the critic's objective the points' gradients are prepared."""
    f, (x, y) = critic(outputs), batches(5, 4)
    critic_ = Adversarial(D, f, ZeroCentred(6.0, data, samples))
    got = D(f(x.x), f(y.x)) - critic_.objective(x, y)
    sides = [h for h, taxed in ((x.x, data), (y.x, samples)) if taxed]
    squares = [torch.stack([slope(lambda t: D.witness(f(t), f(x.x), f(y.x)), p) ** 2 for p in h]).mean() for h in sides]
    agree(got, 3 * sum(squares), f)


def test_dragan_stays_around_the_data():
    f, (x, y) = critic(), batches()
    torch.manual_seed(3)
    got = DRAGAN().tax(View(JensenShannon(), f, x, y))
    torch.manual_seed(3)
    shift = 0.5 * x.x.std() * torch.rand(5, 3)
    points = x.x + torch.rand(5, 1) * shift
    lengths = torch.stack([slope(f, h) for h in points])
    agree(got, 10 * ((lengths - 1) ** 2).mean(), f)


def test_the_activation_penalty_sees_every_layer_once():
    """The penalty's own pass through f between data and samples is not counted, nor another activation's."""
    f, (x, y) = critic(2), batches(5, 4)
    D = Root(MMD(Gaussian(), Biased()))
    bare = Adversarial(D, f, GradientPenalty())
    taxed = Adversarial(D, f, GradientPenalty(), ActivationPenalty(0.5))
    torch.manual_seed(3)
    less = bare.objective(x, y)
    torch.manual_seed(3)
    got = less - taxed.objective(x, y)
    squares = [(f[0](h.x) ** 2).mean() + (f(h.x) ** 2).mean() for h in (x, y)]
    agree(got, 0.5 * sum(squares), f)
    assert not any(m._forward_hooks for m in f.modules())


@pytest.mark.parametrize("module", [nn.Linear(5, 4), nn.Conv2d(3, 4, 3), nn.ConvTranspose2d(3, 4, 3)], ids=repr)
def test_spectral_norm_converges_to_the_largest_singular_value(module):
    plain = deepcopy(module)
    SpectralNorm().attach(module)
    for _ in range(500):
        _ = module.weight
    W = plain.weight.transpose(0, 1) if isinstance(module, nn.ConvTranspose2d) else plain.weight
    sigma = torch.linalg.svdvals(W.flatten(1))[0]
    torch.testing.assert_close(module.weight, plain.weight / sigma, rtol=1e-6, atol=1e-7)


def test_spectral_norm_takes_one_step_a_forward_in_training_alone():
    f = nn.Linear(5, 4)
    W = f.weight.detach().clone()
    SpectralNorm().attach(f)
    u = f.parametrizations.weight[0].u.clone()
    v = (W.T @ u) / (W.T @ u).norm()
    stepped = (W @ v) / (W @ v).norm()
    torch.testing.assert_close(f.weight, W / (stepped @ W @ v), rtol=1e-12, atol=0)
    torch.testing.assert_close(f.parametrizations.weight[0].u, stepped, rtol=1e-12, atol=0)
    f.eval()
    assert torch.equal(f.weight, f.weight)
    assert torch.equal(f.parametrizations.weight[0].u, stepped)


def test_the_gradient_through_the_norm_is_that_of_a_quotient():
    """W/σ with σ = uᵀWv, u and v constants of their own forward: the second forward spoils no first."""
    f = nn.Linear(5, 4, bias=False)
    W = f.weight.detach().clone().requires_grad_()
    SpectralNorm().attach(f)
    u, expected, points = f.parametrizations.weight[0].u.clone(), 0.0, torch.randn(2, 3, 5)
    for h in points:
        v = nn.functional.normalize(W.detach().T @ u, dim=0)
        u = nn.functional.normalize(W.detach() @ v, dim=0)
        expected = expected + (h @ (W / (u @ W @ v)).T).square().sum()
    got = sum(f(h).square().sum() for h in points)
    torch.testing.assert_close(got, expected, rtol=1e-12, atol=0)
    ours, theirs = torch.autograd.grad(got, list(f.parameters()))[0], torch.autograd.grad(expected, W)[0]
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)


def test_a_learnt_scale_begins_at_one_and_learns():
    f = critic()
    g = deepcopy(f)
    torch.manual_seed(0)
    SpectralNorm().attach(f)
    torch.manual_seed(0)
    SpectralNorm(learn_scale=True).attach(g)
    x = torch.randn(4, 3)
    torch.testing.assert_close(f(x), g(x))
    gammas = [p for name, p in g.named_parameters() if name.endswith("gamma")]
    assert len(gammas) == 2
    found = torch.autograd.grad(g(x).square().sum(), gammas)
    assert all(p.abs() > 0 for p in found)


def test_spectral_norm_bounds_the_slope():
    f = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
    with torch.no_grad():
        for p in f.parameters():
            p.mul_(20.0)
    SpectralNorm().attach(f)
    for _ in range(200):
        f(torch.randn(1, 3))
    assert all(slope(f, h).item() <= 1 + 1e-6 for h in torch.randn(20, 3))


@pytest.mark.parametrize("learn_scale", [False, True])
def test_a_normalised_critic_plays(learn_scale):
    """In front of a discrepancy: the value of the normalised critic, nothing added, nothing scaled."""
    f, (x, y) = critic(), batches()
    ours = Adversarial(MeanDifference(), f, SpectralNorm(learn_scale)).eval()
    torch.testing.assert_close(ours.objective(x, y), f(x.x).mean() - f(y.x).mean())
    torch.testing.assert_close(ours.loss(x, y), -f(y.x).mean())


KERNELS = {
    Gaussian(1.5): (1.0, 0.0, 1 / 1.5**2),
    RationalQuadratic((0.2, 0.5, 1.0, 2.0, 5.0)): (5.0, 0.0, 5.0),
    Linear(): (0.0, 1.0, 1.0),
    RationalQuadratic((0.2, 0.5)) + 0.5 * Linear(): (2.0, 0.5, 2.5),
}


@pytest.mark.parametrize("kernel", KERNELS, ids=repr)
@pytest.mark.parametrize("outputs", [1, 3])
def test_scaling_is_the_papers_table(kernel, outputs):
    """σ⁻² = λ + κ(0) − 2κ′(0)·E‖∇f‖_F², λ + E‖f‖² + E‖∇f‖_F² for the linear kernel; over the data."""
    c, a, b = KERNELS[kernel]
    f, (x, y) = critic(outputs), batches(5, 4)
    D = MMD(kernel, Biased())
    norms = torch.stack([(torch.autograd.functional.jacobian(f, p, create_graph=True) ** 2).sum() for p in x.x])
    precision = 0.3 + c + a * (f(x.x) ** 2).sum(1).mean() + b * norms.mean()
    ours = Adversarial(D, f, Scaling(0.3, 1.0, 1.0))
    agree(ours.objective(x, y), D(f(x.x), f(y.x)) / precision, f)
    weighted = 0.3 + 2 * (c + a * (f(x.x) ** 2).sum(1).mean()) + 10 * b * norms.mean()
    root = Adversarial(Root(D), f, Scaling(0.3, 2.0, 10.0))
    agree(root.objective(x, y), Root(D)(f(x.x), f(y.x)) / weighted.sqrt(), f)


def test_scalings_one_pass_is_unbiased_and_exact_for_one_output():
    x, y = batches(6, 6)
    f = critic(1)
    exact, once = (View(MeanDifference(), f, x, y, slopes=True) for _ in range(2))
    torch.testing.assert_close(Scaling().precision(exact), Scaling(exact=False).precision(once), rtol=1e-12, atol=0)
    f, D = critic(4), MMD(Gaussian())
    v = View(D, f, x, y, learns=False, slopes=True)
    draws = torch.stack([Scaling(exact=False).precision(v) for _ in range(400)])
    assert abs(draws.mean() - Scaling().precision(v)) < 4 * draws.std() / 20


def test_the_sampler_sees_the_scale_and_pays_no_tax():
    f, (x, y) = critic(3), batches()
    y = Batch(y.x.requires_grad_())
    D = MMD(Gaussian())
    ours = Adversarial(D, f, Scaling(), GradientPenalty())
    sigma = 1 / Scaling().precision(View(D, f, x, y, slopes=True)).detach()
    loss = ours.loss(x, y)
    torch.testing.assert_close(loss, sigma * D(f(x.x), f(y.x)), rtol=1e-12, atol=0)
    ours_, plain = (torch.autograd.grad(t, y.x)[0] for t in (loss, D(f(x.x), f(y.x))))
    torch.testing.assert_close(ours_, sigma * plain, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("c", [GradientPenalty(), ZeroCentred(), DRAGAN(), Scaling(), GradientConstrained()], ids=repr)
def test_batch_norm_is_refused_with_the_reason(c):
    f = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    with pytest.raises(Refused, match=r"gradient at each point, which batch norm \(1\) mixes with the others'"):
        c.attach(f)
    c.attach(f.eval())
    c.attach(nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Linear(4, 1)))


@pytest.mark.parametrize(
    ("c", "D", "why"),
    [
        (Scaling(), JensenShannon(), "needs the kernel of its discrepancy"),
        (Scaling(), MMD(Distance()), "smooth on its diagonal"),
        (Scaling(), MMD(Laplacian()), "smooth on its diagonal"),
        (GradientConstrained(), MMD(Gaussian()), r"needs MMD\(kernel, Biased\(\)\)"),
        (GradientConstrained(), MeanDifference(), r"needs MMD\(kernel, Biased\(\)\)"),
    ],
    ids=repr,
)
def test_a_discrepancy_that_does_not_suit_is_refused(c, D, why):
    with pytest.raises(Refused, match=why):
        Adversarial(D, critic(), c)


@pytest.mark.parametrize(
    "make",
    [
        lambda: GradientPenalty(-1.0),
        lambda: ZeroCentred(-1.0),
        lambda: ZeroCentred(data=False),
        lambda: DRAGAN(-1.0),
        lambda: ActivationPenalty(-1.0),
        lambda: Scaling(slope=0.0),
        lambda: GradientConstrained(0.0),
    ],
)
def test_senseless_numbers_are_refused(make):
    with pytest.raises(Refused):
        make()


def test_a_multiple_keeps_what_its_discrepancy_keeps_and_a_sum_refuses_it():
    f, (x, y) = critic(), batches()
    D = BoundarySeeking(0.5)
    once, twice = (Adversarial(d, deepcopy(f)) for d in (D, 2 * D))
    torch.testing.assert_close(twice.loss(x, y), 2 * once.loss(x, y), rtol=1e-14, atol=0)
    assert twice.kept.item() == once.kept.item() != 0.0
    assert torch.equal((2 * D).log_ratio(f(x.x)), D.log_ratio(f(x.x)))
    with pytest.raises(Refused, match="keeps a number from batch to batch, for which a sum has no place"):
        D + JensenShannon()


def test_a_running_log_partition_is_the_critics_buffer():
    """log Z ← 0.995·log Z + 0.005·log mean eᵀ, in training only, then E (T − log Z)²."""
    f, (x, y) = critic(), batches()
    ours = Adversarial(BoundarySeeking(), f)
    assert dict(ours.named_buffers()).keys() == {"kept"}
    kept = 0.0
    for _ in range(3):
        T = f(y.x)
        kept = 0.995 * kept + 0.005 * T.exp().mean().log().item()
        torch.testing.assert_close(ours.loss(x, y), ((T - kept) ** 2).mean(), rtol=1e-12, atol=0)
    ours.eval().loss(x, y)
    assert ours.kept.item() == pytest.approx(kept, rel=1e-12)
    restored = Adversarial(BoundarySeeking(), critic())
    restored.load_state_dict(ours.state_dict())
    assert restored.kept.item() == ours.kept.item()
