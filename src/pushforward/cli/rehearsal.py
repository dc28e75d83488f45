"""The check of a command line before torch is loaded: its checks run first where libraries are stand-ins.

What is wrong with a name, a number or a path shows without a single tensor, but the code that says so lies beside code
that needs them. So the parser and the checks of a verb run twice: at once, in a world in which every library that is
slow to load can be named, called and inherited from and has no value; then, if nothing was refused, for real. A check
whose outcome hangs on a library's value, or on a stranger's module, ends the rehearsal and is left to the second run:
the first can say no, and never says it where the second would not.
"""

import sys
from abc import ABCMeta
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from io import StringIO
from types import ModuleType
from typing import Any, Never, TypeVar

from pushforward.errors import Refused
from pushforward.progress import step

T = TypeVar("T")

OWN = frozenset({"pushforward", "jsonargparse", "docstring_parser", "typeshed_client", "typing_extensions", "yaml"})
"""The packages that are imported as they are: ourselves, and what the parser imports as it goes."""

LIBRARIES = frozenset({
    "PIL", "datasets", "jaxtyping", "matplotlib", "numpy", "pandas", "pyarrow", "rich", "safetensors",
    "scipy", "sklearn", "tensorboard", "torch", "transformers",
})  # fmt: skip
"""The packages that stand-ins take the place of: all that this one imports and that is slow to load."""


def rehearse(check: Callable[[], T]) -> T:
    """Return what a check returns with real libraries; refuse beforehand what needs none to be refused.

    Args:
        check: imports what it calls, changes nothing, and raises `Refused` for arguments that cannot be used.

    Raises:
        Refused: by the check, with or without torch.
    """
    if "torch" not in sys.modules:
        with _stand_ins(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            _raise_refusal(check)
    with step("loading libraries"):
        return check()


def _raise_refusal(check: Callable[[], Any]) -> None:
    try:
        check()
    except Refused:
        raise
    except (Exception, Doubt, SystemExit):  # whatever this is, it is not ours to say: the second run will
        return


class Doubt(BaseException):
    """The outcome depends on a library's value; no `except Exception` on the way may take it for an answer."""


def _doubt(*_: Any) -> Never:
    raise Doubt


class _Kind(ABCMeta):
    """A metaclass of stand-ins: annotations and subclasses name them, so they are classes, as is all that they hold."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__module__ == __name__:  # of the library's own; a class of ours that inherits from it is made as it says
            return object.__new__(cls)  # type: ignore[arg-type]
        return super().__call__(*args, **kwargs)


class _Absent(metaclass=_Kind):
    """A value that nobody knows: it can be passed on and computed with, but never looked at."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)

    def __call__(self, *args: Any, **__: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else self  # a decorator leaves what it decorates

    def __getitem__(self, item: Any) -> Any:
        return self

    def _itself(self, *_: Any) -> Any:
        return self

    __add__ = __sub__ = __mul__ = __truediv__ = __pow__ = __neg__ = _itself
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = _itself
    __bool__ = __len__ = __iter__ = __contains__ = __int__ = __float__ = __index__ = _doubt
    __lt__ = __le__ = __gt__ = __ge__ = __str__ = __repr__ = __format__ = _doubt


def _stand_in(name: str) -> Any:
    return _Kind(name, (_Absent,), {"__module__": __name__})


class _Library(ModuleType):
    """A module that holds nothing but stand-ins."""

    __path__: MutableSequence[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        setattr(self, name, _stand_in(name))
        return vars(self)[name]


class _Importer(MetaPathFinder, Loader):
    """An importer of stand-ins for libraries; it raises a doubt for every other module that is not known."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        top = name.partition(".")[0]
        if top in LIBRARIES:
            return ModuleSpec(name, self, is_package=True)
        known = top in OWN or top in sys.stdlib_module_names or top in sys.modules
        others = [finder for finder in sys.meta_path if finder is not self]
        if not known and any(finder.find_spec(name, path, target) for finder in others):
            raise Doubt
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Library(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Put stand-ins in the place of libraries, and forget afterwards all that was imported with them."""
    import jsonargparse  # noqa: F401  # with all that it looks for, before there is something in every place

    before, importer = set(sys.modules), _Importer()
    sys.meta_path.insert(0, importer)
    try:
        yield
    finally:
        sys.meta_path.remove(importer)
        for name in set(sys.modules) - before:
            if name.partition(".")[0] in LIBRARIES | {"pushforward"}:
                module, (package, _, last) = sys.modules.pop(name), name.rpartition(".")
                with suppress(KeyError, AttributeError):
                    if vars(sys.modules[package])[last] is module:
                        delattr(sys.modules[package], last)
