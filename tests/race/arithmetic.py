"""The race's sums: medians, spreads, and what a tag costs over a page without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Spread:
    """The middle of some figures, and between which two the middle half of them lies."""

    low: float
    middle: float
    high: float

    def over(self, base: float) -> "Spread":
        """The same, counted from `base` on."""
        return Spread(self.low - base, self.middle - base, self.high - base)


def spread(values: Sequence[float]) -> Spread | None:
    """Quartiles; None where there is nothing."""
    if not values:
        return None
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Spread(low, median(values), high)


def over(values: Sequence[float], bare: Sequence[float]) -> Spread | None:
    """What these are over the median of the page without a tag; None where either is missing."""
    found, base = spread(values), spread(bare)
    return found.over(base.middle) if found and base else None


def share(part: float, whole: float) -> float | None:
    """`part` of `whole`, 0..1; None where there is no whole."""
    return part / whole if whole else None


def percentile(values: Sequence[float], part: float) -> float | None:
    """The smallest of these that at least `part` (0..1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * part // 1) - 1)] if ordered else None
