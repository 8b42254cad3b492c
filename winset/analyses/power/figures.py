"""Exact fractions as people write them."""

from __future__ import annotations

from fractions import Fraction
from math import floor


def number(value: Fraction) -> str:
    """A number as people write it: a decimal where it ends soon, or else a fraction."""
    if 10**6 % value.denominator:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(abs(value) * 10**6, 10**6)
    text = f"{whole:,}.{int(rest):06d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def percent(share: Fraction) -> str:
    """A share in percent with one decimal, halves up; what is not nothing or all is never called that."""
    tenths = floor(share * 1000 + Fraction(1, 2))
    if 0 < share < 1 and tenths in (0, 1000):
        return "over 99.9%" if tenths else "under 0.1%"
    return f"{tenths // 10}.{tenths % 10}%"
