"""The abstract discrepancy D(P, Q), estimated from samples, and the algebra of discrepancies."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward import ranks
from pushforward.errors import Refused
from pushforward.spaces import Batch
from pushforward.tuning import Steps


class Discrepancy(ABC):
    """D(P, Q) from x ~ P (data) and y ~ Q (model): what a critic raises and a sampler lowers.

    `degree` is that in the witness: 1 for a difference of its means, 2 for a squared norm. `critic_steps` is the number
    of ascents between two descents; 0 where nothing is learnt. `one_sided` says that the surrogate reads y alone, so
    that nobody computes x for it. `paired` says that rows are paired by their place, so that their order matters.
    `memory` is the first value of a number that a critic keeps from batch to batch for the surrogate; None for none.
    Games call `objective`, `loss` and `project`.
    """

    degree: int = 1
    memory: float | None = None
    critic_steps: int | Steps = 0
    one_sided: bool = False
    paired: bool = False

    @abstractmethod
    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        """D(P, Q) as estimated from x and y."""

    @abstractmethod
    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the function whose means under x and y D compares, at points h: high where data outweigh samples."""

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        """Return what a sampler lowers: the value, unless overridden."""
        return self(x, y)

    def remembered(
        self, memory: Float[Tensor, ""], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]
    ) -> Float[Tensor, ""]:
        """Return the number kept for the surrogate after this batch, unchanged unless overridden."""
        return memory

    def recalled(
        self, memory: Float[Tensor, ""], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]
    ) -> Float[Tensor, ""]:
        """Return the surrogate computed with the number kept for it, which is ignored unless overridden."""
        return self.surrogate(x, y)

    def log_ratio(self, h: Float[Tensor, "l d"]) -> Float[Tensor, " l"] | None:
        """log p/q at h, read off the outputs of the best critic; None where it cannot be."""
        return None

    def fitted(self, x: Float[Tensor, "n d"]) -> "Discrepancy":
        """Return the discrepancy with every choice that waits for data made from x; itself unless overridden."""
        return self

    def loss(self, x: Batch, y: Batch) -> Float[Tensor, ""]:
        """Return what a sampler lowers, the surrogate over all processes' points, of which these are this process's."""
        return self.surrogate(ranks.gather(x.x.flatten(1)), ranks.gather(y.x.flatten(1)))

    def objective(self, x: Batch, y: Batch) -> Float[Tensor, ""]:
        """Return what a critic raises; the value over all processes' points where there is no critic."""
        return self(ranks.gather(x.x.flatten(1)), ranks.gather(y.x.flatten(1)))

    def project(self) -> None:  # noqa: B027 (a hook: nothing unless overridden)
        """Force a critic back into its set; nothing is done where there is none."""

    def __add__(self, other: "Discrepancy") -> "Discrepancy":
        return Sum(self, other)

    def __mul__(self, multiple: float | int) -> "Discrepancy":
        return Scaled(float(multiple), self)

    __rmul__ = __mul__


@dataclass(frozen=True)
class Sum(Discrepancy):
    """D = left + right.

    Its degree is that of both; where they differ it has none, and a constraint that asks for it is refused.

    Args:
        left: a discrepancy.
        right: another one.

    Raises:
        Refused: if one keeps a number from batch to batch.

    Example:
        >>> import torch
        >>> from pushforward.discrepancies import MeanDifference
        >>> D = MeanDifference() + MeanDifference()
        >>> D(torch.ones(2, 1), torch.zeros(2, 1)).item()
        2.0
    """

    left: Discrepancy
    right: Discrepancy

    def __post_init__(self) -> None:
        for part in (self.left, self.right):
            if part.memory is not None:
                raise Refused(
                    f"{part} keeps a number from batch to batch, for which a sum has no place; take it alone."
                )

    @property
    def one_sided(self) -> bool:  # type: ignore[override]
        return self.left.one_sided and self.right.one_sided

    @property
    def paired(self) -> bool:  # type: ignore[override]
        return self.left.paired or self.right.paired

    @property
    def degree(self) -> int:  # type: ignore[override]
        if self.left.degree != self.right.degree:
            raise Refused(
                f"degree of a sum must be one number, got {self.left.degree} and {self.right.degree}; "
                "take the Root of the squared one, or constrain the summands apart."
            )
        return self.left.degree

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.left(x, y) + self.right(x, y)

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.left.surrogate(x, y) + self.right.surrogate(x, y)

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        return self.left.witness(h, x, y) + self.right.witness(h, x, y)

    def fitted(self, x: Float[Tensor, "n d"]) -> "Sum":
        return Sum(self.left.fitted(x), self.right.fitted(x))


@dataclass(frozen=True)
class Scaled(Discrepancy):
    """D = multiple · discrepancy.

    Args:
        multiple: any number; above 0 for a discrepancy that is to be lowered.
        discrepancy: the discrepancy.
    Example:
        >>> import torch
        >>> from pushforward.discrepancies import MeanDifference
        >>> (16 * MeanDifference())(torch.ones(2, 1), torch.zeros(2, 1)).item()
        16.0
    """

    multiple: float
    discrepancy: Discrepancy

    @property
    def memory(self) -> float | None:  # type: ignore[override]
        return self.discrepancy.memory

    @property
    def one_sided(self) -> bool:  # type: ignore[override]
        return self.discrepancy.one_sided

    @property
    def paired(self) -> bool:  # type: ignore[override]
        return self.discrepancy.paired

    @property
    def degree(self) -> int:  # type: ignore[override]
        return self.discrepancy.degree

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.multiple * self.discrepancy(x, y)

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return self.multiple * self.discrepancy.surrogate(x, y)

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        return self.multiple * self.discrepancy.witness(h, x, y)

    def remembered(
        self, memory: Float[Tensor, ""], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]
    ) -> Float[Tensor, ""]:
        return self.discrepancy.remembered(memory, x, y)

    def recalled(
        self, memory: Float[Tensor, ""], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]
    ) -> Float[Tensor, ""]:
        return self.multiple * self.discrepancy.recalled(memory, x, y)

    def log_ratio(self, h: Float[Tensor, "l d"]) -> Float[Tensor, " l"] | None:
        """Return the log-ratio of the discrepancy: the best critic of a positive multiple is its own."""
        return self.discrepancy.log_ratio(h) if self.multiple > 0 else None

    def fitted(self, x: Float[Tensor, "n d"]) -> "Scaled":
        return Scaled(self.multiple, self.discrepancy.fitted(x))
