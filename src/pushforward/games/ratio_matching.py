"""The game with two losses from one Gram matrix: the projection raises a divergence, the sampler lowers an MMD."""

from collections.abc import Callable, Iterator, Mapping

import torch
from torch import Tensor, nn

from pushforward import ranks
from pushforward.critics import Beside
from pushforward.critics.base import represent
from pushforward.discrepancies import MMD, Biased, Discrepancy, Gram, Root, density_ratio, pearson
from pushforward.games.base import Game, TrainingRows, Turn, agree_on_labels
from pushforward.kernels import Kernel
from pushforward.kernels.bandwidth import ROWS
from pushforward.samplers import Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class RatioMatching(Game):
    """f raises the Pearson divergence of the ratio r = p/q estimated on f's features; g lowers the MMD there.

        K from f(x), f(g(z)), once
        r = (m/n)·(K_yy + ridge·I)⁻¹ K_yx 1, averaged over the kernel's scales, n data and m samples
        f ascends   mean (r − 1)² + positivity·Σ r        together with
        g descends  √MMD²_b(K)

    Args:
        space: of the points.
        sampler: g#µ.
        projection: f, (n, …) → (n, outputs).
        kernel: on the features; its scales are summed in the MMD and averaged in the ratio.
        ridge: positive.
        positivity: weight of the sum of the ratios, at least 0.
        squared: whether f raises mean (r − 1)²; else the plain mean of r.
        tune: both players' optimiser.
        batch_size: points of data, and samples, in a step.
        features: frozen, through which gradients pass, in the projected space beside f as `Beside` has them; None for
            f alone.
    """

    augmentable = True

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        projection: nn.Module,
        kernel: Kernel,
        ridge: float = 1e-3,
        positivity: float = 1.0,
        squared: bool = True,
        tune: Optimizer = Adam(),
        batch_size: int = 100,
        features: Callable[[Tensor], Tensor] | None = None,
    ):
        super().__init__()
        agree_on_labels(space, sampler, projection)
        self.space, self.sampler, self.batch_size, self.features = space, sampler, batch_size, features
        self.projection = projection if features is None else Beside(projection, features)
        self.kernel, self.ridge, self.positivity, self.squared = kernel, ridge, positivity, squared
        self.distance = Root(MMD(kernel, Biased()))
        self.tune: Mapping[str, Optimizer] = {"sampler": tune, "critic": tune}

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """The sampler, and the projection, which is the critic."""
        return (("critic" if m is self.projection else name, m) for name, m in super().players())

    def prepare(self, data: TrainingRows) -> None:
        """Take the unit of frozen features by the data."""
        if isinstance(self.projection, Beside):
            self.projection.fit(data.all(ROWS).x.to(self.sampler.device))

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn: one forward pass, one Gram matrix, two losses, both players at once."""
        f, g = self.projection, self.sampler
        x, y = self.shown(batch())
        both = Batch(torch.cat([x.x, y.x]), None if y.label is None else torch.cat([y.label, y.label]))
        fx, fy = represent(f, both).chunk(2)  # together: batch norm must not hide how their means differ
        gram = Gram(self.kernel, ranks.gather(fx), ranks.gather(fy))
        r = density_ratio(gram, self.ridge)
        divergence = pearson(r) if self.squared else r.mean()
        with turn.together():
            turn.maximize(f, divergence + self.positivity * r.sum(), ratio=r.detach().mean())
            turn.minimize(g, self.distance.of(gram))

    def critic(self) -> tuple[Discrepancy, nn.Module]:
        """Return the MMD that the sampler lowers, and the projection."""
        return self.distance, self.projection
