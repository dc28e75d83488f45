"""The features of a small classifier trained on the training part."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.features import cache
from pushforward.features.base import Features
from pushforward.networks.lenet import Classifier
from pushforward.progress import mention, step
from pushforward.spaces import Batch, Space

STEPS = 1000
"""The number of batches of its training: two passes through 60,000 pictures, seconds for a small set."""

BATCH = 128
RATE = 2e-3
DECAY = 1e-2

SCALED = 10_000
"""The number of training points that set the scale."""


@dataclass(frozen=True, eq=False)
class LeNet(Features):
    """The hidden layer (512 units, 128 under 16 pixels) of a LeNet that was trained to tell the data's classes.

    Divided by its root mean square on the training part, so that KID does not depend on the scale that training left.

    Args:
        classifier: in evaluation mode.
        scale: what the hidden layer is divided by.
        made_of: what it was trained on and how well it does.
        notes: what a reader must know of how it was come by.
    """

    rows: ClassVar[int] = 250

    classifier: Classifier
    scale: float = 1.0
    made_of: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def trained(cls, space: Space, train: Batch, test: Batch | None = None, *, seed: int = 0) -> "LeNet":
        """Return the LeNet of these data, from the cache if they were met before.

        Training is the same for the same data and seed on one machine; at most a minute for 60,000 pictures of 28
        pixels on two cores.

        Args:
            space: of the pictures, with the names of their classes.
            train: labelled pictures.
            test: labelled pictures that its accuracy is measured on, once.
            seed: of the weights and the order of the batches.

        Raises:
            Refused: if the points are no pictures or have no labels, or the cache cannot be written.
        """
        if train.label is None:
            raise Refused("LeNet needs labelled data, got points without labels; name them with --labels.")
        classes = max(len(space.classes), int(train.label.max()) + 1)
        key = cache.content(repr(space), train.x, train.label, f"{STEPS} {BATCH} {RATE} {DECAY} {seed}")
        path = cache.folder() / f"lenet-{key[:32]}-{cache.FORM}.safetensors"
        made_of, classifier = {"data": key[:16], "seed": seed}, _untrained(space, classes, seed).to(train.x.device)
        stored = cache.load(path)
        if not isinstance(stored, tuple):
            mention(f"A classifier is trained on {len(train.x):,} labelled pictures, once for these data.")
            _train(classifier, train.x, train.label, seed)
            cache.store(path, dict(classifier.state_dict()), {})
        else:
            classifier.load_state_dict(stored[0])
        made_of["weights"] = cache.content(*classifier.state_dict().values())[:16]
        notes = (stored.note,) if isinstance(stored, cache.Damaged) else ()
        unscaled = cls(classifier.eval().requires_grad_(False), made_of=made_of, notes=notes)
        if test is not None:
            made_of["accuracy"] = round(unscaled.accuracy(test), 4)
        return replace(unscaled, scale=float(unscaled(train.x[:SCALED]).square().mean().sqrt()))

    @property
    def protocol(self) -> dict[str, Any]:
        return {
            "features": "lenet",
            "layer": "hidden",
            "width": self.classifier.width,
            "scale": "unit mean square",
            **self.made_of,
        }

    @property
    def key(self) -> str | None:
        return super().key if "weights" in self.made_of else None

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        return self.classifier.features(x.to(self.classifier.logits.weight)) / self.scale

    def classes(self, x: Tensor, z: Float[Tensor, "n d"]) -> Float[Tensor, "n c"]:
        return self.classifier.logits(z * self.scale).softmax(1)

    def accuracy(self, batch: Batch) -> float:
        """Return the share of points whose most probable class is their label.

        Raises:
            Refused: if there are no labels.
        """
        if batch.label is None:
            raise Refused("accuracy of LeNet needs labelled points, got none with labels.")
        p = self.classify(batch.x)
        assert p is not None  # this map knows its classes
        return float((p.argmax(1) == batch.label.to(p.device)).double().mean())


def _untrained(space: Space, classes: int, seed: int) -> Classifier:
    """Return an untrained classifier; the global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Classifier(space, classes)


@step("training a classifier")
def _train(f: Classifier, x: Tensor, label: Tensor, seed: int) -> None:
    """Lower the cross-entropy by AdamW, the rate rising for a fifth of the steps and then falling to nothing."""
    order = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(f.parameters(), lr=RATE, weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS, pct_start=0.2)
    batches: list[Tensor] = []
    for _ in range(STEPS):
        batches = batches or list(torch.randperm(len(x), generator=order).to(x.device).split(BATCH))
        rows = batches.pop()
        loss = nn.functional.cross_entropy(f(x[rows].float()), label[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        rate.step()
