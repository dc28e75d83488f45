"""The features run:FOLDER, the codes of a run's encoder as a space in which data and samples are compared."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.data import Codec, Data
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.judging.feature_space import RUN
from pushforward.samplers import Latent, LatentFlow, Sampler
from pushforward.spaces import Batch, Image
from pushforward.verbs.coding import Coder
from pushforward.verbs.opening import load
from pushforward.verbs.run import Run


@dataclass(frozen=True, eq=False)
class RunCodes(Features):
    """x ↦ the code of x by the encoder of a run: the mean of its posterior.

    Args:
        name: of the run folder.
        coder: of the run.
        own: the codec of the run.
        given: the codec of the points that are compared.
        weights: what the weights of the run hash to.
        learning: whether gradients pass to the points.
    """

    rows: ClassVar[int] = 500
    fills: ClassVar[bool] = False

    name: str
    coder: Coder
    own: Codec
    given: Codec
    weights: str
    learning: bool = False

    @property
    def same_form(self) -> bool:
        """Whether points are encoded as those of the run are: pictures always go from −1 for black to 1 for white."""
        pictures = isinstance(self.own.space, Image) and isinstance(self.given.space, Image)
        return pictures or self.own.to_json() == self.given.to_json()

    def with_gradients(self) -> "RunCodes":
        """Return the same map, for points in the run's own form, with gradients that pass to these alone.

        Raises:
            Refused: for codes that depend on classes.
        """
        coding = self.coder.coding
        if isinstance(coding, Sampler) and not isinstance(coding, Latent | LatentFlow) and coding.classes:
            raise Refused(f"codes of {self.name} depend on the class of a point, and features see points alone; fit "
                          "the run with --conditional false.")  # fmt: skip
        if isinstance(coding, nn.Module):
            coding.requires_grad_(False).eval()
        return replace(self, learning=True)

    @property
    def protocol(self) -> dict[str, Any]:
        return {"features": f"{RUN}{self.name}", "weights": self.weights}

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        """Return codes of points, which are taken out of their own form and into that of the run where they differ."""
        if self.learning:
            return self.coder.coding.codes(Batch(x))
        points = Batch(x.float())
        if not self.same_form:
            points = Batch(self.own.encode(self.given.decode(points)).x)
        return self.coder.codes(points).to(x.device)


def asked_run(features: Any) -> str | None:
    """Return run:FOLDER where that is what is asked for; None for every other name or map."""
    word = features.strip() if isinstance(features, str) else ""
    return word if word.startswith(RUN) else None


def codes_of(asked: str, data: Data) -> tuple[Run, RunCodes]:
    """Return the run that run:FOLDER names, and its codes as features of points like those of the data.

    Args:
        asked: run:FOLDER.
        data: whose points are encoded.

    Raises:
        Refused: if there is no such run, it has no encoder, or its points have another shape.
    """
    run = load(asked.removeprefix(RUN))
    if run.codec.space.shape != data.space.shape:
        raise Refused(f"--features {asked} encodes points of shape {run.codec.space.shape}, and these have shape "
                      f"{data.space.shape}; compare data like those of the run.")  # fmt: skip
    return run, RunCodes(run.path.name, run.coder(), run.codec, data.codec, digest_of(run))


def digest_of(run: Run) -> str:
    """Return what the weights of the state hash to that a run hands over."""
    digest = sha256()
    for name, t in sorted(run.sampler().state_dict().items()):
        digest.update(name.encode() + t.cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:16]


def fingerprint(features: Features) -> str | None:
    """Return a text that is equal for maps of equal content, whatever they are called; None where nobody can know."""
    if isinstance(features, RunCodes):
        return features.weights
    return None if features.key is None else sha256(features.key.encode()).hexdigest()[:16]
