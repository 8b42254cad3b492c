"""What ratification over draws says: in what share of draws homes let what is signed."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.ratification.answers import CandidateDraws, DrawsAnswer, HomeDraws
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.analyses.shares import Share
from winset.case import table
from winset.case.model import Case


def section(case: Case, draws: DrawsAnswer) -> Section:
    """Who signs, who ratifies what is signed, and who turns it, in shares of draws."""
    parts: list[Part] = []
    best = max(draws.candidates, key=_both, default=None)
    if best is not None and best.ratified is not None:
        signed = wording.in_draws(best.signed.share, best.signed.low, best.signed.high, draws.n)
        passes = _among(best.ratified, "of these draws")
        parts.append(
            Verdict(
                f"Most often signed and let pass is {best.title}: all sign it {signed}, and all homes let it "
                f"pass in {passes}.",
                "part",
            )
        )
    if draws.candidates:
        parts += [_homes(case, draws), *_factions(case, draws)]
    if draws.left_out:
        parts.append(Note(f"Not looked at over draws, as they leave issues open: {_names(draws.left_out)}."))
    parts.append(
        Note(
            f"{draws.n:,} draws from seed {draws.seed}. Weights, bars and presence in votes, seats and "
            "majorities, sizes, turnouts and the points under which factions leave are drawn too. Shares say "
            "how far the answers rest on the numbers, not how likely a deal is."
        )
    )
    lead = tuple(part for part in parts if isinstance(part, Verdict))
    return Section("Homes, with every number drawn from its range", tuple(parts), lead)


def _both(candidate: CandidateDraws) -> float:
    return candidate.signed.share * (candidate.ratified.share if candidate.ratified else 0.0)


def _names(titles: tuple[str, ...]) -> str:
    return wording.joined(titles)


def _among(share: Share, of: str) -> str:
    return f"{wording.percent(share.share)} ({wording.percents(share.low, share.high)}) {of}"


def _homes(case: Case, draws: DrawsAnswer) -> Table:
    sides = list(draws.candidates[0].homes)
    heads = ["Package", "All sign", "All homes let it, of these"]
    for side in sides:
        name = case.parties[side].name
        heads += [f"{name}: signs", f"{name}: home lets it, once signed"]
        if any(one.homes[side].kept is not None for one in draws.candidates):
            heads.append(f"{name}: government keeps its majority")
    rows: list[tuple[Cell, ...]] = []
    for candidate in draws.candidates:
        row: list[Cell] = [candidate.title, _interval(candidate.signed), _interval(candidate.ratified)]
        for side in sides:
            home = candidate.homes[side]
            row += [_interval(home.signs), _interval(home.ratifies)]
            if any(one.homes[side].kept is not None for one in draws.candidates):
                row.append(_interval(home.kept))
        rows.append(tuple(row))
    return Table(tuple(heads), tuple(rows), "Signed and ratified, in share of draws")


def _interval(share: Share | None) -> str:
    if share is None:
        return "not asked"
    return f"{wording.percent(share.share)} ({wording.percents(share.low, share.high)})"


def _factions(case: Case, draws: DrawsAnswer) -> Iterator[Part]:
    """In what share of draws with a signature a faction alone turns the vote at home."""
    heads = ("Turns its home's vote alone", *(candidate.title for candidate in draws.candidates))
    rows: list[tuple[Cell, ...]] = []
    for side in draws.candidates[0].homes:
        known: list[HomeDraws] = [candidate.homes[side] for candidate in draws.candidates]
        for ref in dict.fromkeys(ref for home in known for ref in home.pivotal):
            shares = [home.pivotal.get(ref) for home in known]
            cells = ("not asked" if share is None else wording.percent(share) for share in shares)
            rows.append((f"{table.name_of(case, ref)} ({case.parties[side].name})", *cells))
    if rows:
        yield Table(heads, tuple(rows), "Who alone turns it, in share of draws in which it is signed")
