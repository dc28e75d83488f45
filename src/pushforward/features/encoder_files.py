"""The files of an image encoder, in a folder or as they were downloaded from the hub before."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from torch import nn

from pushforward.errors import Refused
from pushforward.features import cache
from pushforward.runs.bounded_parsing import json_value

HUB = {"dinov2": "facebook/dinov2-large", "clip": "openai/clip-vit-large-patch14-336"}
"""The models that papers measure with, by their names here."""

NEEDED = "config.json, model.safetensors and preprocessor_config.json"

PREFIX = "transformers:"

FREE = ("mask_token", "position_ids")
"""The ends of names of weights that play no part for a whole picture."""


@dataclass(frozen=True)
class Files:
    """A folder with the files of one model, or the hub's name of one that was downloaded.

    Args:
        name: that is cited.
        place: folder, or name on the hub.
        label: what sentences of refusal call it.
    """

    name: str
    place: str
    label: str

    @classmethod
    def of(cls, name: str) -> "Files":
        """Return the files of that name, where they are or would be.

        For dinov2 they are in $PUSHFORWARD_DINOV2, else in the folder dinov2 of the cache, else among the hub's files;
        for clip alike.

        Args:
            name: dinov2, clip, or transformers:WHERE.

        Raises:
            Refused: if WHERE is missing, or no folder and no name of the hub.
        """
        where = name.removeprefix(PREFIX)
        if name in HUB:
            variable = f"PUSHFORWARD_{name.upper()}"
            folder = Path(os.environ.get(variable) or cache.folder() / name)
            if variable in os.environ and not folder.is_dir():
                raise Refused(f"${variable} must name a folder with {NEEDED}, got {str(folder)!r}.")
            return cls(name, str(folder) if folder.is_dir() else HUB[name], f"features {name}")
        folder = Path(where).expanduser()
        if folder.is_dir():
            return cls(folder.resolve().name, str(folder), f"features {name}")
        if where.count("/") != 1 or where.startswith((".", "~", "/")):
            raise Refused(f"features {PREFIX}WHERE need a folder with {NEEDED}, or owner/name of the hub; "
                          f"{where!r} is neither.")  # fmt: skip
        return cls(where, where, f"features {name}")

    def preprocessor(self) -> dict[str, Any]:
        """Return the size, mean and deviation of the pictures that the network was taught with.

        Raises:
            Refused: if the file is not here or no JSON.
        """
        path = self._file("preprocessor_config.json")
        try:
            config = json_value(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Refused(f"preprocessor_config.json of {self.label} is no JSON: {error}.") from error
        if not isinstance(config, dict):
            raise Refused(f"preprocessor_config.json of {self.label} must hold entries by name, got {config!r:.60}.")
        return config

    def network(self) -> tuple[nn.Module, bool]:
        """Return the network, and whether its files lack a pooling layer.

        Raises:
            Refused: if files are missing, are of an unknown kind, or lack weights, which would then be random.
        """
        self._file("config.json")
        network, loading = self._load(_package())
        lacking = sorted(key for key in loading["missing_keys"] if not key.endswith(FREE))
        if unpooled := [key for key in lacking if "pooler" not in key.split(".")]:
            raise Refused(f"{self.label} lack weights, {unpooled[0]} first of {len(unpooled)}; take another file.")
        if network.main_input_name != "pixel_values":
            raise Refused(f"{self.label} take {network.main_input_name}, not pictures; name an image encoder.")
        return network.eval().requires_grad_(False), bool(lacking)

    def _load(self, transformers: Any) -> tuple[Any, dict[str, Any]]:
        try:
            with _silent(transformers.utils.logging):
                config = transformers.AutoConfig.from_pretrained(
                    self.place, local_files_only=True, trust_remote_code=False
                )
                kinds = {"clip": transformers.CLIPVisionModelWithProjection, "siglip": transformers.SiglipVisionModel}
                return kinds.get(config.model_type, transformers.AutoModel).from_pretrained(
                    self.place,
                    local_files_only=True,
                    use_safetensors=True,
                    dtype="float32",
                    output_loading_info=True,
                    trust_remote_code=False,
                )  # fmt: skip  code that lies beside the weights is never run
        except OSError as error:
            raise Refused(self._missing()) from error
        except (ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise Refused(f"{self.label} cannot be loaded: {str(error).strip().splitlines()[0]}") from error

    def _file(self, name: str) -> Path:
        try:
            file = _package().utils.cached_file(self.place, name, local_files_only=True)
        except OSError as error:
            raise Refused(self._missing()) from error
        if file is None:  # so it answers for config.json alone
            raise Refused(self._missing())
        return Path(file)

    def _missing(self) -> str:
        here = f"in {cache.folder() / self.name}, in a folder that $PUSHFORWARD_{self.name.upper()} names"
        places = f"{here}, or downloaded before" if self.name in HUB else "in that folder, or downloaded before"
        model = HUB.get(self.name, self.place)
        return f"{self.label} need {NEEDED} of {model}, {places}; they are not there, and nothing is fetched."


@contextmanager
def _silent(logging: Any) -> Iterator[None]:
    """Hold back the package's bars and warnings: what is missing is said by ourselves."""
    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _package() -> Any:
    """Import the optional package transformers, which takes seconds and so waits until it is needed.

    Raises:
        Refused: if it is not installed.
    """
    try:
        return import_module("transformers")
    except ImportError as error:
        raise Refused(
            "features dinov2, clip and transformers:WHERE need the package transformers; install it with "
            "pip install 'pushforward[features]'."
        ) from error
