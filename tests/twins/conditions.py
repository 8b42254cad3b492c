"""The language of conditions, read by hand: words, brackets, `not` before `and` before `or`."""

from __future__ import annotations

import re

TOKEN = re.compile(r"\s*(==|!=|[()\[\],]|[A-Za-z_][A-Za-z0-9_]*)")


class Refused(Exception):
    """The text is not in the language."""


def tokens(text: str) -> list[str]:
    found, place = [], 0
    while text[place:].strip():
        token = TOKEN.match(text, place)
        if token is None:
            raise Refused(text)
        found.append(token[1])
        place = token.end()
    return found


class Reader:
    """Judges a condition in one package while reading it."""

    def __init__(self, text: str, package: dict[str, str]) -> None:
        self.rest = tokens(text)
        self.package = package

    def whole(self) -> bool:
        truth = self.any()
        if self.rest:
            raise Refused(self.rest)
        return truth

    def take(self, *wanted: str) -> str:
        if not self.rest or (wanted and self.rest[0] not in wanted):
            raise Refused(self.rest)
        return self.rest.pop(0)

    def next_is(self, *wanted: str) -> bool:
        return bool(self.rest) and self.rest[0] in wanted

    def any(self) -> bool:
        truths = [self.all()]
        while self.next_is("or"):
            self.take("or")
            truths.append(self.all())
        return True in truths

    def all(self) -> bool:
        truths = [self.negated()]
        while self.next_is("and"):
            self.take("and")
            truths.append(self.negated())
        return False not in truths

    def negated(self) -> bool:
        if self.next_is("not"):
            self.take("not")
            return not self.negated()
        if self.next_is("("):
            self.take("(")
            truth = self.any()
            self.take(")")
            return truth
        return self.comparison()

    def word(self) -> str:
        word = self.take()
        if not word[0].isalpha() or word in ("and", "or", "not", "in"):
            raise Refused(word)
        return word

    def comparison(self) -> bool:
        chosen = self.package[self.word()]
        sign = self.take("==", "!=", "in", "not")
        if sign == "==":
            return chosen == self.word()
        if sign == "!=":
            return chosen != self.word()
        if sign == "not":
            self.take("in")
        self.take("[")
        words = [self.word()]
        while self.next_is(","):
            self.take(",")
            words.append(self.word())
        self.take("]")
        return (chosen in words) == (sign == "in")


def holds(text: str, package: dict[str, str]) -> bool:
    """Whether the condition holds in the package; Refused when it cannot be read."""
    return Reader(text, package).whole()
