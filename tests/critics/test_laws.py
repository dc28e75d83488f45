"""Laws that every constraint obeys: the classes are found by walking the room."""

import pytest

from pushforward import critics
from pushforward.critics import Constraint, Scaling, SpectralNorm, ZeroCentred
from pushforward.testing.constraints import LAWS

ALL = [c() for c in vars(critics).values() if isinstance(c, type) and issubclass(c, Constraint) and c is not Constraint]
VARIANTS = [ZeroCentred(data=False, samples=True), SpectralNorm(learn_scale=True), Scaling(1.0, 1.0, 1.0, exact=False)]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("c", ALL + VARIANTS, ids=repr)
def test_law(law, c):
    law(c)
