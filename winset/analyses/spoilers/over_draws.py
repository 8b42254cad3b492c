"""What draws say of the spoilers, as a section."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.sections import Note, Part, Section, Table, Verdict
from winset.analyses.shares import Share
from winset.analyses.spoilers.answers import SpoilersDraws, SpoilersResult
from winset.analyses.spoilers.naming import leading, reckoned, titled

NAMED = 2


def section(result: SpoilersResult, draws: SpoilersDraws) -> Section:
    """In what share of draws each opposes a package, and how far a deal on it withstands them all."""
    lead = tuple(_lead(result, draws))
    parts: list[Part] = [*lead, *_opposed(result, draws), *_survival(result, draws)]
    if result.open_texts:
        left = wording.joined(map(titled, result.open_texts))
        which = "leaves issues open and is" if len(result.open_texts) == 1 else "leave issues open and are"
        parts.append(Note(f"{left} {which} left out over draws."))
    parts.append(
        Note(
            f"{draws.n:,} draws from seed {draws.seed}. Ranges beside shares of draws are 95% intervals: "
            "they count draws, they do not judge the numbers, and do not say how likely a deal is."
        )
    )
    return Section("Who could wreck it, over draws", tuple(parts), lead)


def _lead(result: SpoilersResult, draws: SpoilersDraws) -> Iterator[Verdict]:
    if not draws.candidates:
        return
    title, opposes = leading(result.candidates[0]), draws.candidates[0].opposes
    often = sorted((name for name in opposes if opposes[name].share), key=lambda name: -opposes[name].share)
    if not often:
        yield Verdict(f"{title}: no spoiler opposes it in any of {wording.counted(draws.n, 'draw')}.", "yes")
        return
    said = (f"by {result.spoilers[name].name} {_in_draws(opposes[name], draws.n)}" for name in often[:NAMED])
    yield Verdict(f"{title}: opposed most often {wording.joined(said)}.", "part")


def _opposed(result: SpoilersResult, draws: SpoilersDraws) -> Iterator[Part]:
    if not draws.candidates:
        return
    heads = ("Spoiler", *map(titled, result.candidates))
    rows = tuple(
        (profile.name, *(_interval(one.opposes[name]) for one in draws.candidates))
        for name, profile in result.spoilers.items()
    )
    yield Table(heads, rows, "Who opposes what, in share of draws")


def _survival(result: SpoilersResult, draws: SpoilersDraws) -> Iterator[Part]:
    met = [name for name in result.spoilers if any(one.opposes[name].share for one in draws.candidates)]
    if not met:
        return
    heads = ("Package", "Against all", *(f"Without {result.spoilers[name].name}" for name in met))
    rows = tuple(
        (titled(one), reckoned(found.survival), *(reckoned(found.without[name]) for name in met))
        for one, found in zip(result.candidates, draws.candidates, strict=True)
    )
    yield Table(heads, rows, "How far a deal would withstand its spoilers, by the case's own estimates")
    yield Note(
        "That is the mean over draws; in brackets, the lowest and the highest tenth of them are left out."
    )


def _in_draws(share: Share, draws: int) -> str:
    return wording.in_draws(share.share, share.low, share.high, draws)


def _interval(share: Share) -> str:
    return f"{wording.percent(share.share)} ({wording.percent(share.low)} to {wording.percent(share.high)})"
