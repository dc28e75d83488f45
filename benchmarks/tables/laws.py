"""Tables whose law is known: a copula of mixed margins, a tree of categories with rules, days with seasons.

Each has `draw(n, seed)` and `log_prob(frame)`, in nats: a density of the columns of real numbers, a probability of all
others. They are made for measuring samplers whose authors had never seen them.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy import special, stats


class Law(Protocol):
    """A law of rows."""

    def draw(self, n: int, seed: int) -> pd.DataFrame:
        """Independent rows."""

    def log_prob(self, frame: pd.DataFrame) -> np.ndarray:
        """The log-density of each row."""


@dataclass(frozen=True)
class Copula:
    """z_i = a_i h + √(1 − a_i²) e_i, h and e_i standard normal; every column is a quantile of its own law at Φ(z_i)."""

    kind = "copula"
    real = {
        "income": (0.8, stats.lognorm(0.6, scale=2e4)),
        "wait": (-0.6, stats.expon(scale=12.0)),
        "score": (0.5, stats.t(4)),
        "share": (0.9, stats.beta(2, 5)),
    }
    whole = {"visits": (0.7, np.array([0.05, 0.15, 0.25, 0.25, 0.15, 0.1, 0.05]), list(range(7)))}
    words = {
        "plan": (0.85, np.array([0.4, 0.3, 0.15, 0.1, 0.05]), ["free", "basic", "plus", "pro", "max"]),
        "churned": (-0.5, np.array([0.8, 0.2]), ["no", "yes"]),
    }

    def draw(self, n: int, seed: int) -> pd.DataFrame:
        """Independent rows."""
        rng = np.random.default_rng(seed)
        hidden, columns = rng.normal(size=n), {}
        for name, (a, law) in self.real.items():
            columns[name] = law.ppf(special.ndtr(a * hidden + np.sqrt(1 - a * a) * rng.normal(size=n)))
        for name, (a, shares, values) in (self.whole | self.words).items():
            u = special.ndtr(a * hidden + np.sqrt(1 - a * a) * rng.normal(size=n))
            columns[name] = np.array(values)[np.searchsorted(shares.cumsum()[:-1], u)]
        return pd.DataFrame(columns)

    def log_prob(self, frame: pd.DataFrame) -> np.ndarray:
        """log ∫ φ(h) Π p(x_i|h) dh, by the trapezoidal rule on 1,601 points up to 8, which is exact to many digits."""
        h = np.linspace(-8, 8, 1601)
        log = np.tile(stats.norm.logpdf(h) + np.log(h[1] - h[0]), (len(frame), 1))
        for name, (a, law) in self.real.items():
            x = frame[name].to_numpy()[:, None]
            z, s = special.ndtri(law.cdf(x)), np.sqrt(1 - a * a)
            log += stats.norm.logpdf((z - a * h) / s) - np.log(s) + law.logpdf(x) - stats.norm.logpdf(z)
        for name, (a, shares, values) in (self.whole | self.words).items():
            ends = special.ndtri(np.concatenate([[0], shares.cumsum()[:-1], [1]]))
            given = np.diff(special.ndtr((ends[:, None] - a * h) / np.sqrt(1 - a * a)), axis=0)
            place = frame[name].map({value: i for i, value in enumerate(values)}).to_numpy()
            log += np.log(np.maximum(given, 1e-300))[place]
        return special.logsumexp(log, axis=1)


@dataclass(frozen=True)
class Tree:
    """A town, which decides its region and country; a trade by region; a size by trade; a price from low to high."""

    kind = "tree"
    countries, regions, towns, trades, sizes = 4, 12, 48, 6, 10

    def _shares(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        rng = np.random.default_rng(7)
        towns = rng.dirichlet(np.full(self.towns, 1.0))
        trades = rng.dirichlet(np.full(self.trades, 0.5), self.regions)
        sizes = rng.dirichlet(np.full(self.sizes, 1.0), self.trades)
        return towns, trades, sizes, rng.normal(size=(self.towns, self.trades))

    def draw(self, n: int, seed: int) -> pd.DataFrame:
        """Independent rows."""
        rng, (towns, trades, sizes, level) = np.random.default_rng(seed), self._shares()
        town = rng.choice(self.towns, n, p=towns)
        pick = lambda shares: (shares.cumsum(1)[:, :-1] < rng.random(n)[:, None]).sum(1)
        trade = pick(trades[town % self.regions])
        size = pick(sizes[trade])
        low = np.exp(3 + 0.5 * level[town, trade] + 0.3 * rng.normal(size=n))
        return pd.DataFrame({
            "country": [f"country {i}" for i in town % self.countries],
            "region": [f"region {i}" for i in town % self.regions],
            "town": [f"town {i}" for i in town],
            "trade": [f"trade {i}" for i in trade],
            "size": size + 1,
            "low": low,
            "high": low + rng.exponential(2.0 + size),
        })  # fmt: skip

    def log_prob(self, frame: pd.DataFrame) -> np.ndarray:
        """The product of what each column has given those before; region and country follow from the town."""
        towns, trades, sizes, level = self._shares()
        place = lambda name: frame[name].str.rsplit(" ", n=1).str[1].to_numpy(dtype=int)
        town, trade, size = place("town"), place("trade"), frame["size"].to_numpy() - 1
        low, gap = frame["low"].to_numpy(), (frame["high"] - frame["low"]).to_numpy()
        log = np.log(towns[town]) + np.log(trades[town % self.regions, trade]) + np.log(sizes[trade, size])
        log += stats.norm.logpdf(np.log(low), 3 + 0.5 * level[town, trade], 0.3) - np.log(low)
        return log + stats.expon.logpdf(gap, scale=2.0 + size)


@dataclass(frozen=True)
class Days:
    """A day of three years, its temperature, weather, orders, and the day on which they were sent."""

    kind = "days"
    first, length, longest = np.datetime64("2021-01-01"), 1095, 15

    def _given_day(self, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Whether each day is at a weekend, and its season from −1 to 1."""
        return (day + 4) % 7 >= 5, -np.cos(2 * np.pi * day / 365)

    def _shares(self) -> np.ndarray:
        weekend, season = self._given_day(np.arange(self.length))
        weight = np.where(weekend, 0.4, 1.0) * (1 + 0.4 * season)
        return weight / weight.sum()

    def _weather(self, warm: np.ndarray) -> np.ndarray:
        scores = np.stack([0.25 * (warm - 14), np.zeros(len(warm)), -0.3 * (warm - 8), -0.6 * (warm - 1)], 1)
        return special.softmax(scores, axis=1)

    def _delays(self, weekend: np.ndarray) -> np.ndarray:
        stay = np.where(weekend, 0.8, 0.5)[:, None] ** np.arange(self.longest)
        return stay / stay.sum(1, keepdims=True)

    def _mean_orders(self, weekend: np.ndarray, warm: np.ndarray) -> np.ndarray:
        return np.exp(2.5 + 0.04 * (warm - 12) - 0.7 * weekend)

    def draw(self, n: int, seed: int) -> pd.DataFrame:
        """Independent rows."""
        rng = np.random.default_rng(seed)
        day = rng.choice(self.length, n, p=self._shares())
        weekend, season = self._given_day(day)
        warm = 12 + 9 * season + 3 * rng.normal(size=n)
        pick = lambda shares: (shares.cumsum(1)[:, :-1] < rng.random(n)[:, None]).sum(1)
        sent = day + pick(self._delays(weekend))
        return pd.DataFrame({
            "placed": (self.first + day).astype(str),
            "warm": warm,
            "weather": np.array(["sun", "cloud", "rain", "snow"])[pick(self._weather(warm))],
            "orders": rng.poisson(self._mean_orders(weekend, warm)),
            "sent": (self.first + sent).astype(str),
        })  # fmt: skip

    def log_prob(self, frame: pd.DataFrame) -> np.ndarray:
        """The product of what each column has given those before."""
        number = lambda name: (frame[name].to_numpy(dtype="datetime64[D]") - self.first).astype(int)
        day, warm = number("placed"), frame["warm"].to_numpy()
        weekend, season = self._given_day(day)
        weather = frame["weather"].map({w: i for i, w in enumerate(("sun", "cloud", "rain", "snow"))}).to_numpy()
        row = np.arange(len(frame))
        log = np.log(self._shares()[day]) + stats.norm.logpdf(warm, 12 + 9 * season, 3)
        log += np.log(self._weather(warm)[row, weather])
        log += stats.poisson.logpmf(frame["orders"].to_numpy(), self._mean_orders(weekend, warm))
        return log + np.log(self._delays(weekend)[row, number("sent") - day])


LAWS: dict[str, Law] = {law.kind: law for law in (Copula(), Tree(), Days())}
