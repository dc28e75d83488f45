"""The Inception network of FID: its features at four depths, from a file of weights."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from jaxtyping import Float
from safetensors.torch import load_file
from torch import Tensor

from pushforward.errors import Refused
from pushforward.features import cache
from pushforward.features.base import Features
from pushforward.features.inception_layers import CLASSES, LAST, WIDTHS, Layers
from pushforward.features.preparation import Preparation, PytorchFID
from pushforward.features.rgb import rgb

EPSILON = 1e-3
"""The number that the network's batch norm adds to variances."""

WANTED = (
    "features inception need the weights of the FID Inception network (2015-12-05): put "
    "pt_inception-2015-12-05-6726825d.pth of pytorch-fid, weights-inception-2015-12-05-6726825d.pth of torch-fidelity, "
    "or a .safetensors or .npz file with NAME.weight and NAME.bias of each convolution"
)


@dataclass(frozen=True, eq=False)
class Inception(Features):
    """The mean over positions of the FID Inception network's activations: 64, 192, 768 or 2,048 features.

    Pictures are taken to 8 bits first, as files hold them; gray ones to three equal channels. About 10 GFLOP each.

    Args:
        layers: the network.
        width: number of features.
        preparation: resize and range.
        low: value of black; 8-bit pictures bring their own.
        high: value of white.
        made_of: hash of the weights.
    """

    rows: ClassVar[int] = 16

    layers: Layers
    width: int = 2048
    preparation: Preparation = PytorchFID()
    low: float = -1.0
    high: float = 1.0
    made_of: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_file(
        cls,
        path: str | Path,
        *,
        width: int = 2048,
        preparation: Preparation = PytorchFID(),
        low: float = -1.0,
        high: float = 1.0,
    ) -> "Inception":
        """Return the network of a file in one of the published forms.

        Args:
            path: ends in .safetensors, .npz, .pth or .pt.
            width: number of features, 64, 192, 768 or 2048.
            preparation: resize and range.
            low: value of black.
            high: value of white.

        Raises:
            Refused: if the file is not there, is of another form, or does not reach that depth.
        """
        if width not in WIDTHS:
            raise Refused(f"width of Inception must be one of {', '.join(map(str, WIDTHS))}, got {width}.")
        if not low < high:
            raise Refused(f"low of Inception must be below high, got {low} and {high}.")
        file = Path(path).expanduser()
        if not file.is_file():
            raise Refused(f"{WANTED}; there is no file {str(file)!r}.")
        layers = Layers(_fold_batch_norm(_read(file)))
        if not layers.reaches(width):
            reached = [w for w in WIDTHS if layers.reaches(w)]
            raise Refused(
                f"{file.name} lacks {LAST[width]}, which {width} features need; with it width may be "
                f"{' or '.join(map(str, reached)) or 'nothing'}."
            )
        made_of = {"weights": cache.content(*layers.tensors())[:16]}
        return cls(layers, width, preparation, low, high, made_of)

    @classmethod
    def found(cls, width: int = 2048, low: float = -1.0, high: float = 1.0) -> "Inception":
        """Return the network of $PUSHFORWARD_INCEPTION, else of the file inception.* in the cache folder.

        Raises:
            Refused: if there is none, saying which file is wanted and where.
        """
        named = os.environ.get("PUSHFORWARD_INCEPTION")
        files = [Path(named)] if named else sorted(cache.folder().glob("inception.*"))
        if not files:
            place = cache.folder() / "inception.pth"
            raise Refused(f"{WANTED} at {str(place)!r} (or .safetensors, .npz), or name it in $PUSHFORWARD_INCEPTION.")
        return cls.from_file(files[0], width=width, low=low, high=high)

    @property
    def protocol(self) -> dict[str, Any]:
        return {
            "features": "inception",
            "layer": str(self.width),
            **self.preparation.protocol,
            "depth": "8 bits",
            "arithmetic": "float32",
            **self.made_of,
        }

    @property
    def key(self) -> str | None:
        return json.dumps([self.protocol, self.low, self.high]) if self.made_of else None

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        return self._of_width(x, self.width)

    def classes(self, x: Tensor, z: Float[Tensor, "n d"]) -> Float[Tensor, "n c"] | None:
        """Return probabilities of the 1,008 classes, for the inception score; None where the file ends before them."""
        if not self.layers.reaches(CLASSES):
            return None
        last = z if self.width == 2048 else self._of_width(x, 2048)
        return self.layers.logits(last).softmax(1)

    def _of_width(self, x: Tensor, width: int) -> Tensor:
        return self.layers(self.preparation(rgb(x, self.low, self.high, "inception")), width)


def _read(file: Path) -> dict[str, Tensor]:
    """Read the tensors of a file by name.

    Raises:
        Refused: for another ending.
    """
    if file.suffix == ".safetensors":
        return load_file(file)
    if file.suffix == ".npz":
        with np.load(file, allow_pickle=False) as arrays:
            return {name: torch.from_numpy(arrays[name]) for name in arrays.files}
    if file.suffix in (".pth", ".pt"):
        return dict(torch.load(file, map_location="cpu", weights_only=True))
    raise Refused(f"weights must end in .safetensors, .npz or .pth, got {file.name!r}.")


def _fold_batch_norm(stored: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return `NAME.weight` and `NAME.bias`, batch norm folded into them where the file holds it apart."""
    tensors = {name: z.float() for name, z in stored.items() if ".conv." not in name and ".bn." not in name}
    for name in (n.removesuffix(".conv.weight") for n in stored if n.endswith(".conv.weight")):
        part = lambda key, name=name: stored[f"{name}.{key}"].double()
        scale = 1 / (part("bn.running_var") + EPSILON).sqrt()
        scale = scale * part("bn.weight") if f"{name}.bn.weight" in stored else scale
        tensors[f"{name}.weight"] = (part("conv.weight") * scale[:, None, None, None]).float()
        tensors[f"{name}.bias"] = (part("bn.bias") - part("bn.running_mean") * scale).float()
    return tensors
