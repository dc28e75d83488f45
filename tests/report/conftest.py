"""Run folders made by hand: images, points, tables; with a critic and without; whole and in pieces."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from pushforward.judging.grade import BEST, Grade
from pushforward.judging.judgement import VERSION
from pushforward.judging.text_grade import grade_in_words
from pushforward.runs import RunFolder


def verdict(p_value=0.31, **scores):
    standard = {
        "mmd": {
            "value": 0.00021,
            "stderr": 0.00034,
            "interval": [-0.0004, 0.0009],
            "better": "lower",
            "floor": 0.0001,
            "worst": 0.16,
        },
        "precision": {
            "value": 0.931,
            "stderr": 0.015,
            "interval": [0.9, 0.96],
            "better": "higher",
            "floor": 0.95,
            "worst": 0.0,
        },
        "recall": {"value": 0.842, "stderr": 0.022, "interval": [0.8, 0.88], "better": "higher"},
        "density": {"value": 0.97, "stderr": None, "interval": None, "better": "higher"},
        "coverage": {"value": 0.951, "stderr": 0.013, "interval": [0.92, 0.98], "better": "higher"},
    }
    apart = p_value <= 0.05
    grade = Grade("close" if apart else BEST, 0.6 if apart else 0.52, 0.57, 0.25 if apart else 0.0, 0.0, 0.2, False)
    graded = grade_in_words(grade if apart else replace(grade, separation=0.0), "picture")
    found = "On 270 held-out points the samples cannot be told from the data."
    return {
        "version": VERSION,
        "grade": grade.to_json(),
        "sentences": {"grade": graded, "rows": "Measured on 270 rows.", "test": found},
        "real": "digits (test part)",
        "fake": "gram-digits",
        "n_real": 270,
        "n_fake": 270,
        "features": {"features": "identity"},
        "protocol": {
            "features": {"features": "identity"},
            "seed": 0,
            "floor": {"splits": 5, "parts": {"mmd": [135, 135]}, "spread": {"mmd": 0.0002}},
            "line": "features identity; seed 0.",
        },
        "scores": {name: {"uncertainty": "jackknife"} | score for name, score in (standard | scores).items()},
        "tests": {
            "two-sample": {
                "statistic": 0.0003,
                "effect_size": 0.04,
                "p_value": p_value,
                "level": 0.05,
                "rejected": p_value <= 0.05,
            }
        },
        "splits": None,
        "skipped_files": [],
        "warnings": [],
        "verdict": f"{graded}\nMeasured on 270 rows.\n{found}",
    }


def write(path, panels, kind="Vector", recipe="gram", data="digits", **parts):
    run = RunFolder.create(path)
    run.write_yaml(
        "call.yaml",
        {
            "version": 1,
            "recipe": recipe,
            "arguments": {"latent_dim": 10, "kernel": "Gaussian(bandwidth=(1.0, 2.0))"},
            "data": {"spec": data, "seed": 0},
            "content_hash": f"hash of {data}",
            "fit": {"steps": 3000, "seed": 0, "batch_size": 200},
            "command": f"pushforward fit {recipe} --data {data} --steps 3000",
        },
    )
    run.write_json("space.json", {"kind": kind})
    run.write_json(
        "environment.json", {"versions": {"python": "3.11.7", "torch": "2.6.0"}, "device": "cpu", "threads": 2}
    )
    run.write_json("verdict.json", parts.get("verdict", verdict()))
    run.write_arrays("panels.npz", panels)
    run.write_arrays("progress.npz", stages(panels))
    rng, lines = np.random.default_rng(1), []
    for turn in range(0, 3001, 8):
        for player, loss in (("critic", -0.4), ("sampler", 0.9)):
            noise = float(rng.normal() * 0.05)
            terms = {"mmd": loss + noise, "ridge": 0.01} if player == "sampler" else {}
            value = loss + np.exp(-turn / 500) + noise
            record = {"turn": turn, "seconds": turn * 0.03, "player": player, "loss": value, "terms": terms}
            lines.append(json.dumps(record))
    run.write_text("log.jsonl", "\n".join(lines) + "\n")
    for turn in range(500, 3001, 500):
        scores = {
            "energy": {"value": 0.1 * np.exp(-turn / 700), "stderr": 0.004, "better": "lower"},
            "coverage": {"value": 1 - 0.9 * np.exp(-turn / 700), "stderr": 0.01, "better": "higher"},
        }
        record = {
            "turn": turn,
            "seconds": turn * 0.03,
            "part": "validation",
            "scores": scores,
            "best": turn in (500, 2500),
        }
        run.append_jsonl("scores.jsonl", record)
    return run


def stages(panels, turns=(0, 10, 1000)):
    """Samples of those turns: those of the run, one further each time."""
    kept = {name: panels[name] for name in ("data_examples", "columns") if name in panels}
    looks = [np.roll(panels["sample_examples"], -place, axis=0)[:10] for place in range(len(turns))]
    return kept | {"turns": np.array(turns), "samples": np.stack(looks)}


def views(rng, n=600):
    """The original and the projected space."""
    return {
        "original_data": rng.normal(size=(n, 2)),
        "original_samples": rng.normal(size=(n, 2)) + 0.2,
        "critic_view_data": rng.normal(size=(n, 2)) ** 3,
        "critic_view_samples": rng.normal(size=(n, 2)) ** 3 + 0.5,
    }


def pictures(rng, n=64, channels=1, size=8):
    """Blobs at random places."""
    grid = np.arange(size)
    at = rng.uniform(1, size - 2, (n, 2, 1, 1))
    blob = np.exp(-((grid[None, :, None] - at[:, 0]) ** 2 + (grid[None, None, :] - at[:, 1]) ** 2) / 3)
    return (255 * np.stack([blob] * channels, axis=-1)).astype(np.uint8)


def image_panels(rng, **how):
    return {
        "data_examples": pictures(rng, **how),
        "sample_examples": pictures(rng, **how),
        "missed_examples": pictures(rng, **how | {"n": 20}),
        "missed_scores": np.linspace(0.09, 0.02, 20),
        "over_examples": pictures(rng, **how | {"n": 20}),
        "over_scores": np.linspace(-0.08, -0.01, 20),
        "missed_ratios": np.linspace(9.0, 3.0, 20),
        "over_ratios": np.linspace(0.1, 0.7, 20),
        "closest_samples": pictures(rng, **how | {"n": 4}),
        "closest_train": pictures(rng, **how | {"n": 4}),
        "class_names": np.array(["cat", "<b>dog</b>", "owl"]),
        "class_data": np.array([90, 90, 90]),
        "class_samples": np.array([130, 0, 140]),
    }


def ring(rng, n, spread=0.1):
    angle = rng.integers(0, 8, n) * np.pi / 4
    return np.stack([np.cos(angle), np.sin(angle)], 1) * 2 + rng.normal(size=(n, 2)) * spread


def point_panels(rng):
    return {
        "data_examples": ring(rng, 1000),
        "sample_examples": ring(rng, 1000, 0.25),
        "missed_examples": ring(rng, 30),
        "missed_scores": np.linspace(0.2, 0.1, 30),
        "over_examples": ring(rng, 30, 0.6),
        "over_scores": np.linspace(-0.2, -0.1, 30),
    }


def table_panels(rng):
    def rows(n):
        return np.stack([rng.integers(18, 90, n), rng.lognormal(10, 0.6, n).round(2), rng.integers(0, 4, n)], 1)

    return {
        "data_examples": rows(400),
        "sample_examples": rows(400) * 1.05,
        "missed_examples": rows(12),
        "missed_scores": np.linspace(0.2, 0.1, 12),
        "over_examples": rows(12),
        "over_scores": np.linspace(-0.2, -0.1, 12),
        "columns": np.array(["age", "income <€ & more>", "children"]),
    }


@pytest.fixture
def made():
    """The makers above, for tests that need a run of their own."""
    return SimpleNamespace(write=write, verdict=verdict, stages=stages, image_panels=image_panels, pictures=pictures)


@pytest.fixture
def generator():
    return np.random.default_rng(0)


@pytest.fixture
def images(tmp_path, generator):
    """A whole run on images, with a critic."""
    return write(tmp_path / "runs" / "gram-digits", image_panels(generator) | views(generator), "Image")


@pytest.fixture
def points(tmp_path, generator):
    """A run on points of the plane, without a critic, that is told apart."""
    return write(
        tmp_path / "runs" / "mmd_net-ring",
        point_panels(generator),
        recipe="mmd_net",
        data="ring",
        verdict=verdict(0.001),
    )


@pytest.fixture
def rows(tmp_path, generator):
    """A run on a table whose names are full of markup."""
    panels = table_panels(generator)
    return write(
        tmp_path / "runs" / "gan-<b>customers", panels, "Columns", recipe="gan", data="a/<script>customers.csv"
    )
