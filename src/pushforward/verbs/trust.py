"""The permission to import what a file names.

A dotted path that somebody typed, and an object that was passed in Python, are permission themselves. One that was read
from a file (the call of a run folder, a file of --config) is the word of whoever wrote the file: it is imported only if
its module is named by --trust on the command line, or by `trust=` in Python.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pushforward.data import load as load_data
from pushforward.data.codecs.kinds import asked_kinds, paths_of
from pushforward.data.load import NAMES
from pushforward.dotted import is_dotted
from pushforward.errors import Refused
from pushforward.features.encoder_files import PREFIX as ENCODER
from pushforward.permission import demand, demand_call, permitting
from pushforward.progress import tell
from pushforward.runs.typed_values import arguments

P = ParamSpec("P")
T = TypeVar("T")

Trust = str | Sequence[str]
"""Modules, with commas between them or one an entry."""


def named(trust: Trust) -> tuple[str, ...]:
    """The modules of `trust`, each once.

    Raises:
        Refused: for what is neither a module nor a data set or an encoder that a file may name.
    Example:
        >>> named("mine, theirs.kernels")
        ('mine', 'theirs.kernels')
    """
    parts = [part.strip() for entry in ([trust] if isinstance(trust, str) else trust) for part in entry.split(",")]
    for part in filter(None, parts):
        if not (is_dotted(f"{part}.name") or part.startswith(("hf:", ENCODER))):
            raise Refused(f"--trust takes names of modules, with commas between them, got {part!r}.")
    return tuple(dict.fromkeys(filter(None, parts)))


@contextmanager
def trusting(trust: Trust) -> Iterator[None]:
    """Let files inside name what lies in these modules, and in those that are trusted already."""
    with permitting(named(trust)):
        yield


def trusts(verb: Callable[P, T]) -> Callable[P, T]:
    """The same verb, in which files may name what its argument `trust` says."""

    @wraps(verb)
    def permitted(*args: P.args, **kwargs: P.kwargs) -> T:
        with trusting(signature(verb).bind(*args, **kwargs).arguments.get("trust", ())):
            return verb(*args, **kwargs)

    return permitted


def data_of(described: Mapping[str, Any], whose: str) -> dict[str, Any]:
    """The arguments that load the data a file names, which are said: a path is read, and nothing else without trust.

    Args:
        described: `spec` and the other arguments of `load`.
        whose: the file.

    Raises:
        Refused: if they are no such arguments, or name code or a data set of the hub that is not trusted.
    """
    given = arguments(described, load_data, f"the data of {whose}")
    spec, path = given["spec"], Path(str(given["spec"])).expanduser()
    if not isinstance(spec, str) or "\0" in spec:
        raise Refused(f"the data of {whose} must be a name, a path or a dotted path, got {spec!r}.")
    kinds = given.get("columns")
    for own in paths_of(asked_kinds(kinds) or {}) if isinstance(kinds, Mapping) else ():
        demand_call(own, whose)
    if spec in NAMES:
        return given
    if spec.startswith("hf:"):
        demand(spec, whose, f"read the data set {spec.removeprefix('hf:')}, from the hub or from this machine")
    elif _exists(path):
        if not (path.is_file() or path.is_dir()):
            raise Refused(f"the data of {whose} must be a file or a folder, and {spec} is neither.")
        tell(f"Reading {path.resolve()}, which {whose} names as its data.")
    elif is_dotted(spec):
        demand(spec, whose, f"import {spec.rpartition('.')[0]} and take the data from {spec}")
    return given


def features_of(asked: Any, whose: str) -> Any:
    """Return the features that a file names: ours as they are, code from elsewhere only where it is trusted.

    Args:
        asked: as `embedding` takes it.
        whose: the file.

    Raises:
        Refused: if it names code or files that are not trusted.
    """
    name = asked.strip() if isinstance(asked, str) else ""
    if name.startswith(ENCODER):
        demand(name, whose, f"read the model {name.removeprefix(ENCODER)}")
    elif is_dotted(name):
        demand_call(name, whose)
    return asked


def _exists(path: Path) -> bool:
    """Return whether there is such a file; false for a name that is no path at all."""
    try:
        return path.exists()
    except OSError:
        return False
