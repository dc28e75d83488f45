"""Stands where peers import torchvision; nothing in it does anything, since only array functions are compared."""

import sys
from types import ModuleType
from typing import Any


class Absent(ModuleType):
    """A module whose every public name is an empty class."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


for name in ("datasets", "datasets.utils", "models", "models.inception", "transforms", "transforms.functional"):
    module = sys.modules[f"{__name__}.{name}"] = Absent(f"{__name__}.{name}")
    parent, _, child = module.__name__.rpartition(".")
    setattr(sys.modules[parent], child, module)
