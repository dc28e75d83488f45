"""A learnt representation in front of a discrepancy, and what keeps it honest."""

from functools import cached_property

from torch import Tensor, nn

from pushforward import ranks
from pushforward.discrepancies import Discrepancy
from pushforward.samplers import takes_label
from pushforward.spaces import Batch
from pushforward.tuning import Steps


class View:
    """What a constraint sees of one batch: points, features, labels and D; each computed once, when first asked for.

    Args:
        D: the discrepancy behind the critic.
        f: the critic.
        x: data.
        y: model samples.
    """

    def __init__(self, D: Discrepancy, f: nn.Module, x: Batch, y: Batch):
        self.D, self.f, self.x, self.y = D, f, x, y

    @cached_property
    def own_fx(self) -> Tensor:
        """f(x) of this process's rows."""
        return represent(self.f, self.x)

    @cached_property
    def own_fy(self) -> Tensor:
        """f(y) of this process's rows."""
        return represent(self.f, self.y)

    @cached_property
    def fx(self) -> Tensor:
        """f(x) of all processes."""
        return ranks.gather(self.own_fx)

    @cached_property
    def fy(self) -> Tensor:
        """f(y) of all processes."""
        return ranks.gather(self.own_fy)

    @cached_property
    def value(self) -> Tensor:
        """D(f(x), f(y))."""
        return self.D(self.fx, self.fy)

    @cached_property
    def surrogate(self) -> Tensor:
        """What the sampler lowers; f(x) is not computed where only the samples' side counts."""
        return self.D.surrogate(self.fy[:0] if self.D.one_sided else self.fx, self.fy)

    def witness(self, h: Batch) -> Tensor:
        """The function whose means D compares, at points h."""
        return self.D.witness(represent(self.f, h), self.fx, self.fy)


def represent(f: nn.Module, batch: Batch) -> Tensor:
    """f at the points of a batch, with their labels if f takes them."""
    return f(batch.x, batch.label) if takes_label(f) else f(batch.x)


class Constraint:
    """What keeps a critic honest. Each hook does nothing unless overridden."""

    def attach(self, f: nn.Module) -> None:
        """Reparametrise f, or refuse it with the reason. Once, when the critic is made."""

    def tax(self, v: View) -> Tensor | float:
        """Added to what the critic lowers."""
        return 0.0

    def scale(self, v: View, value: Tensor) -> Tensor:
        """What critic and sampler both see instead of the value."""
        return value

    def project(self, f: nn.Module) -> None:
        """Change f before the critic's next step."""


class Adversarial(nn.Module, Discrepancy):
    """sup_f D(f(x), f(y)) over critics f that keep to the constraints; itself a discrepancy.

    Args:
        D: compares features; its `surrogate` is what the sampler lowers.
        f: the critic, (n, …) → (n, outputs).
        constraints: applied in the order given.
        critic_steps: of the critic between two steps of the sampler.
    """

    def __init__(self, D: Discrepancy, f: nn.Module, *constraints: Constraint, critic_steps: int | Steps = 1):
        super().__init__()
        self.D, self.f, self.constraints, self.critic_steps = D, f, constraints, critic_steps
        for c in constraints:
            c.attach(f)

    def objective(self, x: Batch, y: Batch) -> Tensor:
        """What the critic raises: the value, scaled, less the taxes."""
        v = View(self.D, self.f, x, y)
        value = self._scaled(v, v.value)
        for c in self.constraints:
            value = value - c.tax(v)
        return value

    def loss(self, x: Batch, y: Batch) -> Tensor:
        """What the sampler lowers: the surrogate, scaled."""
        v = View(self.D, self.f, x, y)
        return self._scaled(v, v.surrogate)

    def project(self) -> None:
        """Force the critic back into its set, before its next step."""
        for c in self.constraints:
            c.project(self.f)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self._scaled(v := View(self.D, self.f, Batch(x), Batch(y)), v.value)

    def surrogate(self, x: Tensor, y: Tensor) -> Tensor:
        """What the sampler lowers, of points without labels."""
        return self.loss(Batch(x), Batch(y))

    def witness(self, h: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """The function whose means D compares, at points h."""
        return View(self.D, self.f, Batch(x), Batch(y)).witness(Batch(h))

    def _scaled(self, v: View, value: Tensor) -> Tensor:
        for c in self.constraints:
            value = c.scale(v, value)
        return value
