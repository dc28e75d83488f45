"""Feature maps: shapes, ranges, protocols that can be cited."""

import json

import numpy as np
import pytest
import torch

from pushforward.errors import Refused
from pushforward.features import Features, Identity, Pixels


@pytest.mark.parametrize("f", [Identity(), Pixels()])
def test_every_map_gives_one_row_a_point_and_says_what_it_is(f):
    assert isinstance(f, Features)
    assert f(np.zeros((5, 1, 2, 3), dtype=np.float32)).shape == (5, 6)
    assert json.loads(json.dumps(f.protocol)) == f.protocol
    assert f.classify(torch.zeros(5, 6)) is None


def test_pixels_do_not_depend_on_the_range_they_came_in():
    gray = torch.tensor([[0, 51, 255]], dtype=torch.uint8)
    unit = gray.float() / 255
    for given in (Pixels()(gray), Pixels()(2 * unit - 1), Pixels(0.0, 1.0)(unit)):
        torch.testing.assert_close(given, unit)


def test_pixels_refuse_an_empty_range():
    with pytest.raises(Refused, match="below high"):
        Pixels(1.0, 1.0)
