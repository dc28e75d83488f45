"""LeNet: learns, repeats itself bit for bit, is cached by content, leaves the global generator alone."""

import pytest
import torch
from sklearn.datasets import load_digits

from pushforward.errors import Refused
from pushforward.features import LeNet, lenet
from pushforward.networks.lenet import Classifier
from pushforward.spaces import Batch, Image, Vector

SPACE = Image(1, 8, 8, classes=tuple("0123456789"))


@pytest.fixture
def digits():
    found = load_digits()
    x, label = torch.tensor(found.images[:, None] / 8 - 1, dtype=torch.float32), torch.tensor(found.target).long()
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    return Batch(x[order[:1200]], label[order[:1200]]), Batch(x[order[1200:]], label[order[1200:]])


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path))
    monkeypatch.setattr(lenet, "STEPS", 300)


def test_learns_the_digits(digits):
    f = LeNet.trained(SPACE, *digits)
    # A linear classifier on the pixels reaches 0.96.
    assert f.protocol["accuracy"] > 0.97
    assert f(digits[1].x).shape == (597, 128)
    assert torch.equal(f(digits[1].x), f(digits[1].x.flatten(1)))
    torch.testing.assert_close(f.classify(digits[1].x).sum(1), torch.ones(597))


def test_same_data_same_weights_and_from_the_cache(digits, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(lenet, "STEPS", 20)
    first = LeNet.trained(SPACE, *digits)
    (stored,) = tmp_path.iterdir()
    stored.unlink()
    again = LeNet.trained(SPACE, *digits)
    assert again.protocol == first.protocol
    assert capsys.readouterr().err.count("A classifier is trained on 1,200 labelled pictures") == 2
    assert LeNet.trained(SPACE, *digits).protocol == first.protocol
    assert capsys.readouterr().err == "", "it came from the cache"


def test_a_damaged_file_of_the_cache_is_trained_again_and_said(digits, monkeypatch, tmp_path):
    monkeypatch.setattr(lenet, "STEPS", 2)
    first = LeNet.trained(SPACE, *digits)
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[-9] ^= 1
    path.write_bytes(content)
    again = LeNet.trained(SPACE, *digits)
    assert (again.protocol, first.notes) == (first.protocol, ())
    assert "in the cache was damaged" in again.notes[0]
    assert LeNet.trained(SPACE, *digits).notes == ()


def test_other_data_or_seed_another_map(digits, monkeypatch, tmp_path):
    monkeypatch.setattr(lenet, "STEPS", 2)
    train, _ = digits
    LeNet.trained(SPACE, train)
    LeNet.trained(SPACE, train, seed=1)
    LeNet.trained(SPACE, Batch(-train.x, train.label))
    LeNet.trained(SPACE, Batch(train.x, train.label.flip(0)))
    assert len(list(tmp_path.iterdir())) == 4


def test_global_generator_is_left_alone(digits, monkeypatch):
    monkeypatch.setattr(lenet, "STEPS", 2)
    state = torch.get_rng_state()
    LeNet.trained(SPACE, digits[0])
    assert torch.equal(state, torch.get_rng_state())


def test_features_are_those_of_the_range_given():
    near = Classifier(Image(1, 8, 8), 3)
    wide = Classifier(Image(1, 8, 8, low=0.0, high=255.0), 3)
    wide.load_state_dict(near.state_dict())
    x = torch.rand(4, 1, 8, 8) * 2 - 1
    torch.testing.assert_close(near.features(x), wide.features((x + 1) * 127.5), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("channels", "side", "width"), [(1, 4, 128), (1, 8, 128), (1, 28, 512), (3, 32, 512), (3, 64, 512)]
)
def test_sizes(channels, side, width):
    f = Classifier(Image(channels, side, side), 10)
    assert f.features(torch.zeros(2, channels, side, side)).shape == (2, width)
    assert f(torch.zeros(2, channels, side, side)).shape == (2, 10)


def test_refuses_what_it_cannot_learn(digits):
    with pytest.raises(Refused, match="labelled"):
        LeNet.trained(SPACE, Batch(digits[0].x))
    with pytest.raises(Refused, match="pictures"):
        LeNet.trained(Vector(64), Batch(digits[0].x.flatten(1), digits[0].label))
