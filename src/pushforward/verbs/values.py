"""The form of values as class path and arguments, and back: only by this package's own names, checked by type."""

import inspect
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from math import isfinite
from typing import Any

from pushforward.critics import Constraint, DiffAugment
from pushforward.discrepancies import Discrepancy, Divergence, Estimator
from pushforward.dotted import find_dataclass, is_dotted
from pushforward.errors import Refused, nearest
from pushforward.features import Features, Preparation
from pushforward.fields import Field
from pushforward.kernels import Kernel, Median
from pushforward.likelihoods import Cost
from pushforward.metrics import Jackknife, Metric
from pushforward.monotone import Monotone
from pushforward.networks import Network
from pushforward.permission import demand_call
from pushforward.runs.old_names import today
from pushforward.runs.typed_values import called, shown
from pushforward.samplers import Noise, Window
from pushforward.tuning import Optimizer, Schedule, Steps, ThreeSampleRule, Trend

OURS = "pushforward"

ROOMS: dict[str, tuple[type, ...]] = {
    "kernels": (Kernel, Median),
    "networks": (Network,),
    "discrepancies": (Discrepancy, Divergence, Estimator),
    "fields": (Field,),
    "critics": (Constraint, DiffAugment),
    "monotone": (Monotone,),
    "likelihoods": (Cost,),
    "samplers": (Noise, Window),
    "tuning": (Optimizer, Schedule, Steps, ThreeSampleRule, Trend),
    "metrics": (Metric, Jackknife),
    "features": (Features, Preparation),
}
"""Where values may come from that a file names without trust, and what they must be there."""


def describe(value: Any) -> Any:
    """A value as JSON has it; a frozen dataclass as `class_path` and `init_args`, the form of `--config` files.

    Raises:
        Refused: for an object that has no such form.
    """
    if isinstance(value, float) and not isfinite(value):
        raise Refused(f"{value!r} cannot be written down, since JSON has no such number; give a finite one.")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [describe(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): describe(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type) and (path := public(type(value))):
        return {
            "class_path": path,
            "init_args": {f.name: describe(getattr(value, f.name)) for f in fields(value) if f.init},
        }
    raise Refused(
        f"{value!r} cannot be written down to be made again; give a value, such as a kernel or a network plan."
    )


def restore(described: Any, whose: str = "the call") -> Any:
    """The value that `describe` wrote down.

    Args:
        described: plain values, read from a file.
        whose: the file, in sentences that refuse what it says.

    Raises:
        Refused: if it names what is not of this package and not trusted, or arguments that its class does not take.
    """
    if isinstance(described, list | tuple):
        return tuple(restore(v, whose) for v in described)
    if isinstance(described, Mapping) and "class_path" in described:
        return _made(described, whose)
    if isinstance(described, Mapping):
        return {k: restore(v, whose) for k, v in described.items()}
    return described


def public(kind: type) -> str | None:
    """The path that a file names a class by; None for one of ours that no file may name, and for one in a function."""
    if kind.__module__.partition(".")[0] != OURS:
        return f"{kind.__module__}.{kind.__qualname__}" if kind.__qualname__.isidentifier() else None
    return next((f"{OURS}.{room}.{kind.__name__}" for room in ROOMS if _members(room).get(kind.__name__) is kind), None)


def own(path: str, whose: str) -> type | None:
    """The class of this package at a path of today or of old; None for a path that is not of this package.

    Raises:
        Refused: if it is of this package, and not what a file may name.
    """
    if path.partition(".")[0] != OURS:
        return None
    room, _, name = today(path).removeprefix(f"{OURS}.").partition(".")
    if room not in ROOMS:
        raise Refused(f"{whose} names {path}, which is no value that a run is made of; {_rooms()}")
    if name not in (known := _members(room)):
        raise Refused(f"{whose} names {path}, which cannot be found; {nearest(name, list(known))}")
    return known[name]


def spelt_out(name: str) -> str:
    """The public path of a class that one room alone has by that name; else the name as it is."""
    found = [room for room in ROOMS if name in _members(room)]
    return f"{OURS}.{found[0]}.{name}" if len(found) == 1 else name


def _rooms() -> str:
    return f"those are members of {', '.join(f'{OURS}.{room}' for room in ROOMS)}."


def _members(room: str) -> dict[str, type]:
    found = import_module(f"{OURS}.{room}")
    kinds = {name: getattr(found, name) for name in found.__all__}
    return {
        name: kind
        for name, kind in kinds.items()
        if isinstance(kind, type)
        and issubclass(kind, ROOMS[room])
        and is_dataclass(kind)
        and not inspect.isabstract(kind)
    }


def _made(described: Mapping[str, Any], whose: str) -> Any:
    path, given = described["class_path"], described.get("init_args") or {}
    if (
        not isinstance(path, str)
        or not is_dotted(path)
        or "." not in path
        or described.keys() - {"class_path", "init_args"}
    ):
        raise Refused(f"{whose} must name a class by class_path and init_args, got {shown(dict(described))}.")
    kind = own(path, whose)
    if kind is None:
        demand_call(path, whose, f"({_listed(given)})")
        kind = find_dataclass(path)
    return called(kind, restore(given, whose), f"{kind.__name__} in {whose}")


def _listed(given: Any) -> str:
    return ", ".join(f"{name}={shown(v)}" for name, v in given.items()) if isinstance(given, Mapping) else shown(given)
