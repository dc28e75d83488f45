"""The verb `export`: the sampler of a run as one ONNX file, which runs where Python does not."""

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from pushforward.data import Codec
from pushforward.errors import Refused
from pushforward.likelihoods import Likelihood
from pushforward.progress import step
from pushforward.runs.atomic import replacing
from pushforward.samplers import Blend, ConsistencyMap, Latent, Noise, Pushforward, Sampler
from pushforward.verbs.argument_checks import check_export
from pushforward.verbs.drawing import Weights
from pushforward.verbs.opening import load
from pushforward.verbs.run import Run
from pushforward.verbs.trust import Trust


class InUnits(nn.Module):
    """(noise, label) ↦ samples in the data's units, as far as tensors hold them.

    Args:
        sampler: g#µ.
        codec: of the data.
    """

    def __init__(self, sampler: Sampler, codec: Codec):
        super().__init__()
        self.sampler, self.codec = sampler, codec

    def forward(self, noise: Tensor, label: Tensor | None = None) -> Tensor:
        return self.codec.units(self.sampler.push(noise, label))


@step("exporting the sampler")
def export(
    run: str | Path | Run, out: str | Path | None = None, *, weights: Weights = "best", trust: Trust = ()
) -> Path:
    """Write the sampler of a run as one ONNX file: noise, and labels if it takes them, to samples in the data's units.

    Inputs are `noise` (n, k) and, of a sampler that takes labels, `label` (n,) of whole numbers; the output is
    `samples`. What no tensor holds stands in the file's metadata: the law of the noise, the names of the classes, of a
    table's columns and of its levels, whose places among those names are in the samples.

    Args:
        run: folder of the run; in Python also the run.
        out: the file, which ends in .onnx; RUN/sampler.onnx if absent.
        weights: the averaged sampler of the best state, of the last one, or the last one not averaged.
        trust: modules outside this package that the run folder may name, with commas between them.

    Raises:
        Refused: if the run cannot be opened, its sampler is not one network that noise is pushed through, or the
            packages that write such files are not there.
    """
    check_export(run.path if isinstance(run, Run) else run, out=out)
    opened = run if isinstance(run, Run) else load(run, trust=trust)
    sampler, path = opened.sampler(weights), Path(out or opened.folder.inside("sampler.onnx"))
    content = as_onnx(sampler, opened.codec, list(opened.game.space.classes))
    with replacing(path) as file:
        file.write(content)
    return path


def noise_law(sampler: Sampler) -> dict[str, Any]:
    """Return the law of what a sampler pushes through its network, by name and options, as JSON has them.

    Raises:
        Refused: for a sampler that is more than one network.
    """
    if isinstance(sampler, Pushforward):
        return {"law": type(sampler.noise).__name__, **vars(sampler.noise)}
    if isinstance(sampler, Latent) and not isinstance(sampler.cost, Likelihood) and isinstance(sampler.prior, Noise):
        return {"law": type(sampler.prior).__name__, **vars(sampler.prior)}
    if isinstance(sampler, ConsistencyMap):
        return {"law": "Normal", "dim": prod(sampler.shape)}
    if isinstance(sampler, Blend):  # whose noise ends in u ~ U[0, 1], which chooses a cluster
        return {"law": "BesideUniform", "first": noise_law(sampler.conditional)}
    raise Refused(
        f"export writes a network that noise is pushed through, and this run's sampler, {type(sampler).__name__}, is "
        "more than that; `pushforward sample` draws from it."
    )


def as_onnx(sampler: Sampler, codec: Codec, classes: list[str]) -> bytes:
    """Return the content of an ONNX file.

    Args:
        sampler: in evaluation mode.
        codec: of the data.
        classes: names of the labels.
    """
    law = noise_law(sampler)
    demand_onnx()
    any_number = {0: torch.export.Dim("n")}
    inputs = {"noise": sampler.draw_noise(2)} | ({"label": torch.tensor([0, 0])} if sampler.classes else {})
    with quietly(), torch.no_grad():
        # traced here: the exporter alone would fall back on a file for two samples, where this refuses
        traced = torch.export.export(
            InUnits(sampler, codec).eval(), tuple(inputs.values()), dynamic_shapes=(any_number,) * len(inputs)
        )
        program = torch.onnx.export(
            traced, input_names=list(inputs), output_names=["samples"], dynamo=True, verbose=False
        )
    assert program is not None  # without a file, it is returned
    model = program.model_proto
    for name, value in legend(codec, law, classes if sampler.classes else []).items():
        model.metadata_props.add(key=name, value=json.dumps(value, ensure_ascii=False))
    return bytes(model.SerializeToString())


@contextmanager
def quietly() -> Iterator[None]:
    """Forget what torch's exporter says of itself: what torch deprecates, and what it has no use for here."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def legend(codec: Codec, law: dict[str, Any], classes: list[str]) -> dict[str, Any]:
    """Return what must be known to use the file, by name, each as JSON has it."""
    named = {"classes": classes} if classes else {}
    return {"noise": law, **named, **codec.legend()}


def demand_onnx() -> None:
    """Refuse to begin without the packages that torch writes such files with."""
    for package in ("onnx", "onnxscript"):
        try:
            import_module(package)
        except ImportError as missing:
            raise Refused("export needs the extra: pip install 'pushforward[onnx]'.") from missing
