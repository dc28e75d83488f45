"""The features run:FOLDER, the codes of a run's encoder as a space in which data and samples are compared."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data import Codec, Data
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.judging.feature_space import RUN
from pushforward.spaces import Batch
from pushforward.verbs.coding import Coder
from pushforward.verbs.opening import load


@dataclass(frozen=True, eq=False)
class RunCodes(Features):
    """x ↦ the code of x by the encoder of a run: the mean of its posterior.

    Args:
        name: of the run folder.
        coder: of the run.
        own: the codec of the run.
        given: the codec of the points that are compared.
        weights: what the weights of the run hash to.
    """

    rows: ClassVar[int] = 500
    fills: ClassVar[bool] = False

    name: str
    coder: Coder
    own: Codec
    given: Codec
    weights: str

    @property
    def protocol(self) -> dict[str, Any]:
        return {"features": f"{RUN}{self.name}", "weights": self.weights}

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        """Return codes of points, which are taken out of their own form and into that of the run where they differ."""
        points = Batch(x.float())
        if self.own.to_json() != self.given.to_json():
            points = Batch(self.own.encode(self.given.decode(points)).x)
        return self.coder.codes(points).to(x.device)


def opened(features: Any, data: Data, judged: tuple[Any, ...], notes: list[str]) -> Any:
    """Return the features of a run that are asked for by run:FOLDER; anything else as it is.

    Args:
        features: as `score` takes them.
        data: that are compared.
        judged: what is judged, among which the same run is noted.
        notes: takes the sentence if it is.

    Raises:
        Refused: if there is no such run, it has no encoder, or its points have another shape.
    """
    if not (isinstance(features, str) and features.strip().startswith(RUN)):
        return features
    folder = features.strip().removeprefix(RUN)
    run = load(folder)
    if run.codec.space.shape != data.space.shape:
        raise Refused(f"--features {features} encodes points of shape {run.codec.space.shape}, and these have shape "
                      f"{data.space.shape}; compare data like those of the run.")  # fmt: skip
    if any(isinstance(one, str | Path) and Path(one).resolve() == run.path.resolve() for one in judged):
        notes.append(f"{folder} is judged by its own encoder: what its codes do not tell apart counts as no "
                     "difference; take other features too.")  # fmt: skip
    digest = sha256()
    for name, t in sorted(run.sampler().state_dict().items()):
        digest.update(name.encode() + t.cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return RunCodes(run.path.name, run.coder(), run.codec, data.codec, digest.hexdigest()[:16])
