"""The image encoders of the transformers package, from files that are here: DINOv2, CLIP, or any folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.features import cache
from pushforward.features.base import Features
from pushforward.features.encoder_files import Files
from pushforward.features.preparation import bicubic
from pushforward.features.rgb import rgb

LAYERS = {
    "image_embeds": "projected image embedding",
    "pooler_output": "pooled output",
    "last_hidden_state": "class token of the last hidden state",
}
"""The layers that may be read, the first that the network has: key of its output, and what it is called."""


@dataclass(frozen=True, eq=False)
class Encoder(Features):
    """The output of a network of the transformers package, a vector a picture: DINOv2's class token, CLIP's embedding.

    Pictures are taken to 8 bits first; gray ones to three equal channels. They are squeezed, not cut, to the side that
    the network was made for, by antialiased bicubic convolution in float; then (x/255 − mean)/std as its files say.

    Args:
        network: in evaluation mode.
        layer: key of its output that is read.
        side: of its input, in pixels.
        mean: of each channel, that is subtracted.
        std: of each channel, that is divided by.
        low: value of black; 8-bit pictures bring their own.
        high: value of white.
        made_of: what it is and the hash of its weights.
    Source: Oquab et al. (2023), arXiv 2304.07193 (DINOv2); Radford et al. (2021), arXiv 2103.00020 (CLIP); Stein et al.
        (2023), arXiv 2306.04675, for the Fréchet distance on DINOv2; Jayasumana et al. (2023), arXiv 2401.09603, for
        the MMD on CLIP.
    Differs: Jayasumana et al. divide embeddings by their norm and cut the centre out of pictures that are not square.
    """

    rows: ClassVar[int] = 16

    network: nn.Module
    layer: str
    side: int
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.5, 0.5, 0.5)
    low: float = -1.0
    high: float = 1.0
    made_of: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def found(cls, name: str, low: float = -1.0, high: float = 1.0) -> "Encoder":
        """Return the encoder of that name, from files alone: nothing is downloaded.

        Args:
            name: dinov2, clip, or transformers:WHERE with a folder or a name of the hub whose files are here.
            low: value of black.
            high: value of white.

        Raises:
            Refused: saying which package or which files are missing and where they should be, or what is wrong with
                them.
        """
        return cls.from_files(Files.of(name), low, high)

    @classmethod
    def from_files(cls, files: Files, low: float = -1.0, high: float = 1.0) -> "Encoder":
        """Return the encoder that these files hold.

        Args:
            files: where they are.
            low: value of black.
            high: value of white.

        Raises:
            Refused: if they are not those of an image encoder.
        """
        preprocessor, (network, lacks_pooling) = files.preprocessor(), files.network()
        mean, std = (tuple(map(float, preprocessor.get(key, ()))) for key in ("image_mean", "image_std"))
        if len(mean) != 3 or len(std) != 3:
            raise Refused(
                f"preprocessor_config.json of {files.label} must hold image_mean and image_std of 3 channels."
            )
        side = _side(preprocessor, files.label)
        with torch.no_grad():
            out = network(pixel_values=torch.zeros(1, 3, side, side))
        layers = [k for k in LAYERS if out.get(k) is not None and not (lacks_pooling and k == "pooler_output")]
        if not layers:
            raise Refused(f"{files.label} is no image encoder: it has none of {', '.join(LAYERS)}.")
        state = sorted(network.state_dict().items())
        weights = cache.content(*(part for item in state for part in item))[:16]
        return cls(network, layers[0], side, mean, std, low, high, {"model": files.name, "weights": weights})

    @property
    def protocol(self) -> dict[str, Any]:
        return {
            "features": "transformers",
            "layer": LAYERS[self.layer],
            "resize": f"bicubic of Pillow in float, antialias, to {self.side}x{self.side}",
            "range": f"(x/255-{list(self.mean)})/{list(self.std)}",
            "depth": "8 bits",
            "arithmetic": "float32",
            **self.made_of,
        }

    @property
    def key(self) -> str | None:
        return json.dumps([self.protocol, self.low, self.high]) if self.made_of else None

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        mean, std = (torch.tensor(z)[:, None, None] for z in (self.mean, self.std))
        pixels = (bicubic(rgb(x, self.low, self.high, "transformers"), self.side) / 255 - mean) / std
        z = self.network(pixel_values=pixels)[self.layer]
        return z[:, 0] if z.ndim == 3 else z.flatten(1)


def _side(config: Mapping[str, Any], label: str) -> int:
    """Return the side that pictures are cut to, or else resized to, by a preprocessor_config.json."""
    for size in (config.get("crop_size") if config.get("do_center_crop", True) else None, config.get("size")):
        sides = size if isinstance(size, Mapping) else {"height": size}
        side = sides.get("height") or sides.get("shortest_edge")
        if side:
            return int(side)
    raise Refused(f"preprocessor_config.json of {label} must hold crop_size or size, got neither.")
