"""The modules that files may name now, and the refusal of what lies in no such module."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from pushforward.errors import Refused

_TRUSTED: ContextVar[tuple[str, ...]] = ContextVar("trusted", default=())


@contextmanager
def permitting(modules: Sequence[str]) -> Iterator[None]:
    """Let files inside name what lies in these modules, and in those that are trusted already."""
    token = _TRUSTED.set((*_TRUSTED.get(), *modules))
    try:
        yield
    finally:
        _TRUSTED.reset(token)


def trusted() -> tuple[str, ...]:
    """The modules that files may name now."""
    return _TRUSTED.get()


def demand_call(path: str, whose: str, given: str = "") -> None:
    """Refuse a class or function in a file, which would be imported and called, unless its module was permitted.

    Args:
        path: dotted.
        whose: as in `demand`, and so is what is raised.
        given: the arguments in brackets, as they are shown; nothing where they do not matter.
    """
    demand(path, whose, f"import {path.rpartition('.')[0]} and call {path}{given}")


def demand(name: str, whose: str, effect: str) -> None:
    """Refuse a name in a file unless it was permitted.

    Args:
        name: a dotted path, hf:owner/name or transformers:WHERE.
        whose: the file, in a sentence.
        effect: what would be done: "import os and call os.system".

    Raises:
        Refused: saying what would be done, and how to permit it.
    """
    if any(name == module or name.startswith((f"{module}.", f"{module}:")) for module in trusted()):
        return
    module = name if ":" in name else name.rpartition(".")[0]
    raise Refused(
        f"{whose} names {name}, which is not of this package: to go on would {effect}. If you trust whoever wrote that "
        f"file, permit it by --trust {module} (in Python trust={module!r})."
    )
