"""What the figures show, number by number: pixels of a montage, shares of a histogram, the box of a scatter plot."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from pushforward.report.figures.beside import points
from pushforward.report.figures.curve import MOST, beyond, loss, probe, smoothed, window
from pushforward.report.figures.drawing import to_png, to_svg
from pushforward.report.figures.marginal import bins, marginal
from pushforward.report.figures.montage import GAP, capacity, montage, png_bytes
from pushforward.report.figures.scatter import limits, outside


@pytest.mark.parametrize("channels", [1, 3])
def test_a_montage_repeats_pixels_and_invents_none(generator, channels):
    pictures = generator.integers(0, 255, (5, 4, 6, channels), dtype=np.uint8)
    sheet = montage(pictures, columns=3, width=36)
    times = 2
    assert sheet.shape == (2 * 4 * times + GAP, 3 * 6 * times + 2 * GAP, channels)
    for place, picture in enumerate(pictures):
        top, left = place // 3 * (4 * times + GAP), place % 3 * (6 * times + GAP)
        for dy in range(times):
            for dx in range(times):
                found = sheet[top + dy : top + 4 * times : times, left + dx : left + 6 * times : times]
                np.testing.assert_array_equal(found, picture)
    assert (sheet[-4 * times :, -6 * times :] == 255).all()  # the place of the sixth stays white
    decoded = np.asarray(Image.open(io.BytesIO(png_bytes(sheet))))
    np.testing.assert_array_equal(decoded.reshape(sheet.shape), sheet)


def test_large_pictures_are_fewer_instead_of_smaller():
    assert capacity(np.zeros((100, 28, 28, 1), dtype=np.uint8)) == 100
    assert capacity(np.zeros((100, 500, 500, 3), dtype=np.uint8)) == 4


def test_bins_of_few_values_lie_between_them():
    np.testing.assert_array_equal(bins(np.array([0.0, 1.0, 3.0, 1.0])), [-0.5, 0.5, 2.0, 4.0])
    np.testing.assert_array_equal(bins(np.array([7.0, 7.0])), [6.5, 7.5])


def test_a_histogram_counts_every_finite_value_once():
    data, samples = np.array([0.0, 0.0, 1.0, 2.0, np.nan]), np.array([-50.0, 0.0, 1.0, 99.0, np.inf])
    filled, _, line = marginal(data, samples).axes[0].patches
    np.testing.assert_allclose(filled.get_data().values, [0.5, 0.25, 0.25])
    np.testing.assert_allclose(line.get_data().values, [0.5, 0.25, 0.25])  # what is beyond counts at the ends


def test_the_box_holds_all_data_and_stray_samples_are_counted(generator):
    data = generator.uniform(0, 1, (500, 2))
    samples = np.concatenate([generator.uniform(0, 1, (500, 2)), [[1e6, 0.5]], [[np.nan, 0.0]]])
    box = limits(data, samples)
    assert outside(data, box) == 0
    assert outside(samples, box) == 2
    assert max(high - low for low, high in box) < 1.2


def test_the_box_follows_samples_that_left_the_data_but_not_for_ever():
    data = np.array([[0.0, 0.0], [1.0, 1.0]])
    (left, right), _ = limits(data, data + 10, margin=1.0)
    assert right == pytest.approx(2 + 0.05 * 2)  # one width beyond the data, and 5 % of room
    (left, right), _ = limits(data, data + 10, margin=np.inf)
    assert (left, right) == pytest.approx((-0.05 * 10.99, 10.99 + 0.05 * 10.99))  # 99 % of two samples: 10.99


def test_nothing_finite_still_has_a_box():
    nothing = np.full((3, 2), np.nan)
    (left, right), (low, high) = limits(nothing, nothing)
    assert left < right
    assert low < high


def test_long_logs_are_thinned_to_medians_within_their_range(generator):
    turns = np.arange(10_000.0)
    values = generator.normal(size=10_000)
    axes = loss(turns, values).axes[0]
    drawn = axes.lines[0].get_xydata()
    assert len(drawn) == MOST
    first = np.array_split(np.arange(10_000), MOST)[0]
    np.testing.assert_allclose(drawn[0], [turns[first].mean(), np.median(values[first])])
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == values.min()
    assert band.max() == values.max()


def test_short_logs_are_drawn_as_they_are():
    turns, values = np.arange(5.0), np.array([1.0, np.nan, 3.0, 4.0, 5.0])
    drawn = loss(turns, values).axes[0].lines
    np.testing.assert_array_equal(drawn[0].get_xydata(), [[0, 1], [2, 3], [3, 4], [4, 5]])
    assert not list(loss(turns, np.full(5, np.nan)).axes[0].lines)


def test_a_running_median_keeps_a_slope_and_drops_what_stands_out():
    slope = np.linspace(3.0, 9.0, 200)
    np.testing.assert_allclose(smoothed(slope), slope, rtol=1e-12)
    bursts = np.where(np.arange(200) % 20 == 7, 1000.0, slope)
    assert np.abs(smoothed(bursts) - slope).max() < 10 * (slope[1] - slope[0])  # a window of 13 values moves no further
    np.testing.assert_array_equal(smoothed(np.array([2.0])), [2.0])


def test_a_burst_of_losses_is_cut_and_counted():
    values = np.concatenate([[4000.0, -4000.0], np.linspace(1.0, 2.0, 998)])
    low, high = window(values)
    assert 0.4 < low < 1.0
    assert 2.0 < high < 2.6
    assert beyond(values) == 2
    assert beyond(np.array([1.0, 1.0])) == 0
    low, high = window(np.array([1.0, np.nan, 1.0]))
    assert low < 1.0 < high


def test_what_spans_a_decade_above_zero_is_drawn_on_a_logarithmic_scale():
    falling = 10.0 ** -np.linspace(0, 3, 100)
    assert loss(np.arange(100.0), falling).axes[0].get_yscale() == "log"
    assert beyond(falling) == 0
    for values in (falling - 0.5, falling + 1.0, np.full(100, np.nan)):
        assert loss(np.arange(100.0), values).axes[0].get_yscale() == "linear"


def test_the_turn_of_the_state_that_is_handed_over_is_marked():
    axes = loss(np.arange(100.0), np.ones(100), kept=40).axes[0]
    assert [line.get_xdata() for line in axes.lines[2:]] == [[40, 40]]


def test_the_best_probe_is_marked():
    axes = probe([10, 20, 30], [3.0, 1.0, 2.0], [0.1, 0.1, 0.0], best=1).axes[0]
    star = next(line for line in axes.lines if line.get_marker() == "*")
    assert (star.get_marker(), star.get_xdata(), star.get_ydata()) == ("*", [20], [1.0])
    assert len(probe([10], [3.0], [0.0], best=None).axes[0].lines) == 1


def test_data_and_samples_share_their_axes(generator):
    left, right = points(generator.normal(size=(20, 2)), 3 * generator.normal(size=(20, 2))).axes
    assert (left.get_xlim(), left.get_ylim()) == (right.get_xlim(), right.get_ylim())


def test_figures_leave_pyplot_alone_and_repeat_byte_for_byte():
    figures = [Figure(figsize=(1, 1)) for _ in range(2)]
    for figure in figures:
        figure.add_subplot().plot([0, 1])
    assert to_svg(figures[0]) == to_svg(figures[1])
    assert to_png(figures[0]) == to_png(figures[1])
    assert b"<dc:date>" not in to_svg(figures[0])
