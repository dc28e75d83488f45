"""What gradient-constrained MMD costs: value and gradient beside scaled MMD's, and the system that nobody can solve.

    python -m benchmarks.methods.gc_mmd                       # times
    python -m benchmarks.methods.gc_mmd MNIST.npz [MINUTES]   # trains

Both in turns in one process, CPU time of one thread; tables hold medians, `ratio` the median of the ratios of
neighbours. `critic` is the objective and its gradient in the critic's weights, `sampler` the loss and its gradient in
the samples. Scaled MMD takes the exact norm of the Jacobian. The full system has n(1 + dim) unknowns; its value is
timed as far as it fits, and the last row is the cube law from there. Training is the recipe as it is on DCGANs of
width 32, MINUTES (25) of one thread's CPU time; KID is on LeNet features, of 10,000 samples and the test images.
"""

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch

from benchmarks.common.cells import RESULTS, RUNS, write
from benchmarks.common.spans import spent
from pushforward.critics import Adversarial, Constraint, GradientConstrained, Scaling
from pushforward.critics.feature_system import functionals, matrix
from pushforward.discrepancies import MMD, Biased
from pushforward.kernels import Gaussian, RationalQuadratic
from pushforward.networks import DCGAN, MLP, SNDCGAN, Network, StridedDCGAN
from pushforward.spaces import Batch, Image

DIGIT, COLOUR, ROUNDS = Image(1, 28, 28), Image(3, 32, 32), 25
PLAIN = DCGAN(critic_batch_norm=False)
SETTINGS: list[tuple[str, Network, Image, int, int, Any]] = [
    *(("DCGAN", PLAIN, DIGIT, 64, d, Gaussian(1.0)) for d in (1, 4, 16)),
    *(("DCGAN", PLAIN, DIGIT, n, 4, Gaussian(1.0)) for n in (32, 128)),
    ("DCGAN, five RQ kernels", PLAIN, DIGIT, 64, 4, RationalQuadratic()),
    *(("strided, 16 filters", StridedDCGAN(64, 16), DIGIT, 64, d, Gaussian(1.0)) for d in (1, 4, 16)),
    *(("DCGAN", PLAIN, COLOUR, 64, d, Gaussian(1.0)) for d in (1, 4, 16)),
    ("SN-DCGAN", SNDCGAN(), COLOUR, 64, 4, Gaussian(1.0)),
    *(("MLP 256-256", MLP((256, 256)), DIGIT, 64, d, Gaussian(1.0)) for d in (1, 4, 16)),
]


def timed(call: Callable[[], Any]) -> float:
    """Milliseconds of CPU time."""
    before = time.process_time()
    call()
    return 1e3 * (time.process_time() - before)


def calls(f: torch.nn.Module, x: Any, y: Any, kernel: Any, constraint: Constraint) -> tuple[Callable, Callable]:
    """Value and gradient, for the critic and for the sampler."""
    D, weights = Adversarial(MMD(kernel, Biased()), f, constraint), list(f.parameters())

    def critic() -> None:
        torch.autograd.grad(D.objective(Batch(x), Batch(y)), weights, allow_unused=True)

    def sampler() -> None:
        z = y.clone().requires_grad_()
        torch.autograd.grad(D.loss(Batch(x), Batch(z)), z)

    return critic, sampler


def compared(what: str, network: Network, space: Image, n: int, d: int, kernel: Any) -> dict[str, Any]:
    """A row of the table."""
    torch.manual_seed(0)
    f = network.critic(space, d)
    x, y = (torch.randn(n, *space.shape).tanh() for _ in range(2))
    ours, theirs = (calls(f, x, y, kernel, c) for c in (GradientConstrained(1.0), Scaling(0.0, 1.0, 10.0)))
    row: dict[str, Any] = {"critic": what.replace(",", ";"), "dim": space.dim, "n": n, "outputs": d}
    for who, a, b in zip(("critic", "sampler"), ours, theirs, strict=True):
        times = [(timed(a), timed(b)) for _ in range(ROUNDS + 2)][2:]
        row |= {f"{who}_gc_ms": median(p for p, _ in times), f"{who}_scaled_ms": median(q for _, q in times),
                f"{who}_ratio": median(p / q for p, q in times)}  # fmt: skip
    return row


def whole(f: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    """The value with ridge 1 and Gaussian σ = 1 by the system in input space: A has n(1 + dim) rows."""
    parts, n = [(1.0, Gaussian(1.0))], len(x)
    x = x.clone().requires_grad_()
    fx = f(x)
    J = torch.stack([torch.autograd.grad(c.sum(), x, retain_graph=True)[0].flatten(1) for c in fx.unbind(1)], 1)
    a, b = fx.detach(), f(y).detach()
    B = torch.zeros(n, 1 + a.shape[1], 1 + J.shape[2], dtype=a.dtype)
    B[:, 0, 0], B[:, 1:, 1:] = 1.0, J
    A = torch.einsum("aip,aibq->apbq", B, torch.einsum("aibj,bjq->aibq", matrix(parts, a), B)).flatten(2).flatten(0, 1)
    v = torch.einsum("aip,ai->ap", B, functionals(parts, a, a) - functionals(parts, a, b)).flatten()
    A.diagonal().add_(n)
    return float(MMD(Gaussian(1.0), Biased())(a, b) - v @ torch.linalg.solve(A, v))


def full(sizes: tuple[int, ...], d: int = 16) -> list[dict[str, Any]]:
    """Seconds for one value, and gigabytes for its matrix; with 64 points, of the reduced system measured."""
    torch.manual_seed(0)
    f = PLAIN.critic(DIGIT, d).double()
    D, rows = Adversarial(MMD(Gaussian(1.0), Biased()), f, GradientConstrained(1.0)), []
    for n in (*sizes, 64):
        x, y = (torch.randn(n, *DIGIT.shape, dtype=torch.float64).tanh() for _ in range(2))
        size, found = n * (1 + DIGIT.dim), []
        ours = median(timed(lambda: found.append(D.loss(Batch(x), Batch(y)).item())) for _ in range(5)) / 1e3  # noqa: B023
        if n in sizes:
            theirs = timed(lambda: found.append(whole(f, x, y))) / 1e3  # noqa: B023
            assert abs(found[0] - found[-1]) <= 1e-9 * abs(found[-1]), found
        else:
            theirs = rows[-1]["full_seconds"] * (size / rows[-1]["unknowns"]) ** 3
        rows.append({"n": n, "unknowns": size, "gigabytes": 8 * size**2 / 1e9, "full_seconds": theirs,
                     "measured": n in sizes, "reduced_unknowns": n * (1 + d), "reduced_seconds": ours})  # fmt: skip
    return rows


def trained(path: str, minutes: float) -> list[dict[str, Any]]:
    """KID as training goes, and benchmarks/results/gc_mmd.png."""
    from matplotlib.figure import Figure

    import pushforward as pf
    from pushforward.features import LeNet
    from pushforward.metrics import KID

    data = pf.data.load(path)
    lenet = LeNet.trained(data.space, data.train.all(), data.test.all())
    fx = lenet(data.test.all().x)

    def look(run: Any) -> dict[str, Any]:
        kid = KID()(fx, lenet(run.draw(10_000, seed=1, weights="last").x))[0]
        return {"kid": kid.value, "kid_stderr": kid.stderr}

    folder = RUNS / "gc_mmd"
    rows = spent(
        folder,
        pf.recipes.gc_mmd(data.space, network=DCGAN(32), conditional=False, paper=True),
        data,
        minutes,
        look,
        span=5.0,
    )
    y = pf.load(folder / "run").draw(100, weights="last").x[:, 0].reshape(10, 10, 28, 28)
    figure = Figure(figsize=(2.8, 2.8), dpi=100)
    figure.figimage(y.permute(0, 2, 1, 3).reshape(280, 280).numpy(), cmap="gray")
    figure.savefig(RESULTS / "gc_mmd.png")
    return rows


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:]:
        write("gc_mmd_mnist", trained(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 25.0))
    else:
        rows = []
        for setting in SETTINGS:
            rows.append(compared(*setting))
            print(rows[-1], flush=True)
        write("gc_mmd", rows)
        write("gc_mmd_full", full((2, 4, 8, 12)))
