"""The commands of the ledger, as their users meet them."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from tests.helpers import SMALL, as_yaml, case_of, plain
from tests.ledgers import (
    EXCHANGE,
    KEY,
    LEDGER,
    OWED,
    WATER,
)
from winset.case.ledger import STATUS
from winset.commands import ledger as command
from winset.errors import CaseError, NotApplicable


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the case of the well, to work in."""
    (tmp_path / "well").mkdir()
    (tmp_path / "well" / "case.yaml").write_text(SMALL + EXCHANGE)
    (tmp_path / "pump.yaml").write_text(SMALL + EXCHANGE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(do: Any, *words: Any, width: int = 200) -> str:
    """What a command prints."""
    console = Console(width=width)
    with console.capture() as caught:
        do(*words[:1], console, *words[1:])
    return caught.get()


@pytest.mark.parametrize(
    ("name", "lies"),
    [
        ("well", "well/ledger.yaml"),
        ("well/case.yaml", "well/ledger.yaml"),
        ("pump.yaml", "pump.ledger.yaml"),
        ("./pump.yaml", "pump.ledger.yaml"),
    ],
)
def test_the_ledger_lies_beside_the_case(place: Path, name: str, lies: str):
    before = {file: file.read_bytes() for file in place.rglob("*.yaml")}
    assert f"Written: {lies}" in said(command.add, name, KEY)
    assert "1 verified" in said(command.add, name, {**WATER, "lots": 1, "reported_by": None})
    assert len(plain((place / lies).read_text())["entries"]) == 2
    assert {file: file.read_bytes() for file in before} == before
    assert "water" in said(command.show, name)


def test_a_ledger_may_lie_elsewhere(place: Path):
    said(command.add, "well", KEY, "kept.yaml")
    assert (place / "kept.yaml").exists()
    assert not (place / "well" / "ledger.yaml").exists()
    assert "0 as verified, 1 with what is alleged" in said(command.show, "well", "kept.yaml")
    with pytest.raises(FileNotFoundError):
        said(command.show, "well", "nowhere.yaml")
    with pytest.raises(FileNotFoundError):
        said(command.add, "well", KEY, "no/such/folder/ledger.yaml")
    with pytest.raises(IsADirectoryError):
        said(command.add, "well", KEY, "well")


def test_the_case_file_is_never_taken_for_a_ledger(place: Path):
    before = (place / "pump.yaml").read_bytes()
    with pytest.raises(CaseError, match="unknown key"):
        said(command.add, "pump.yaml", KEY, "pump.yaml")
    assert (place / "pump.yaml").read_bytes() == before


def test_the_ledger_of_one_case_is_refused_for_another(place: Path):
    said(command.add, "well", KEY)
    before = (place / "well" / "ledger.yaml").read_bytes()
    for do in (lambda: said(command.add, "pump.yaml", WATER, "well/ledger.yaml"), lambda: said(command.show, "pump.yaml", "well/ledger.yaml")):  # fmt: skip
        with pytest.raises(CaseError, match="is the ledger of 'well', and this case is 'pump'"):
            do()
    assert (place / "well" / "ledger.yaml").read_bytes() == before


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EPERM])
def test_a_folder_that_is_read_only_says_the_way_out(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    def refuse(*_: Any, **__: Any) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("winset.case.files.os.open", refuse)
    with pytest.raises(command.Unwritable, match=r"copy the case first \(winset convert well well\.yaml\)"):
        command.add("well", Console(), KEY)
    with pytest.raises(command.Unwritable, match="name another file with --file"):
        command.add("well", Console(), KEY, "kept.yaml")
    assert sorted(file.name for file in place.rglob("*")) == ["case.yaml", "pump.yaml", "well"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_with_its_write_bit_off(place: Path):
    (place / "well").chmod(0o555)
    try:
        with pytest.raises(command.Unwritable):
            command.add("well", Console(), KEY)
    finally:
        (place / "well").chmod(0o755)


def test_no_ledger_goes_into_the_installed_package(place: Path, monkeypatch: pytest.MonkeyPatch):
    inside = place / "site" / "catalogue" / "spring"
    inside.mkdir(parents=True)
    (inside / "case.yaml").write_text(SMALL + EXCHANGE)
    monkeypatch.setattr(command, "PACKAGE", place / "site")
    monkeypatch.setattr(command, "catalogue", lambda: {"spring": inside})
    monkeypatch.setattr(command, "load_case", lambda name: case_of(SMALL + EXCHANGE, id=name))
    with pytest.raises(command.Unwritable, match=r"winset convert spring spring\.yaml"):
        command.add("spring", Console(), KEY)
    assert [file.name for file in inside.iterdir()] == ["case.yaml"]
    assert "nothing is reported" in said(command.show, "spring")
    said(command.add, "spring", KEY, "spring.ledger.yaml")
    assert "As written" in said(command.show, "spring", "spring.ledger.yaml")


def test_a_case_without_an_exchange_is_told_so(place: Path):
    (place / "dry.yaml").write_text(SMALL)
    for do in (lambda: said(command.show, "dry.yaml"), lambda: said(command.add, "dry.yaml", KEY)):
        with pytest.raises(NotApplicable, match="no `exchange`"):
            do()


def test_a_report_that_may_tell_of_the_same_lots_is_pointed_at(place: Path):
    said(command.add, "well", {"obligation": "water", "lots": 2, "day": 1})
    text = said(command.add, "well", {"obligation": "water", "lots": 2, "day": 2, "as": "verified"})
    assert "2 verified, 2 alleged" in text
    assert "add `settles: 1`" in text
    settling = {"obligation": "water", "lots": 1, "day": 2, "as": "disputed", "settles": 1}
    text = said(command.add, "well", settling)
    assert "2 verified, 1 alleged, 1 disputed" in text
    assert "add `settles" not in text


def rows_of(text: str, title: str) -> list[list[str]]:
    """The rows of the table under a title, cell by cell."""
    lines = text.split(title, 1)[1].split("\n\n", 1)[0].splitlines()
    below = next(i for i, line in enumerate(lines) if "───" in line) + 1
    return [re.split(r" {3,}", line.strip()) for line in lines[below:] if line.strip()]


def test_the_list_says_what_was_delivered_and_what_is_due(place: Path):
    (place / "well" / "ledger.yaml").write_text(
        LEDGER
        + "  - {obligation: water, lots: 4, day: 5, as: disputed, note: Half of it, reported_by: lower}\n"
    )
    text = said(command.show, "well")
    assert (
        "Delivered in full, of 3 obligations: 1 as verified, 1 with what is alleged. Reports on water are"
        in text
    )
    key, water, fees = rows_of(text, "What was delivered")
    assert key == [
        "key",
        "Hands over the key",
        "Upper village",
        "1",
        "1",
        "0",
        "0",
        "0 (2026-05-01)",
        "done, verified",
    ]
    assert water[3:] == ["6", "0", "0", "4", "5 (2026-05-06)", "disputed"]
    assert fees[3:] == ["4", "0", "2", "0", "2 (2026-05-03)", "in part, alleged"]
    due = rows_of(text, "What is due next")
    late = "2 (2026-05-03), overdue by 3 days"
    assert due[0] == ["As written", "verified", "2", late, "Lower village", "fees, 2 lots"]
    assert due[1] == ["As written", "alleged too", "3", "5 (2026-05-06)", "Upper village and Lower village", "water, 6 lots; fees, 2 lots"]  # fmt: skip
    later = "1 (2026-05-02), overdue by 4 days"
    assert due[2] == ["fees_first", "verified", "1", later, "Lower village", "fees, 4 lots"]
    assert due[3][-1] == "fees, 2 lots"
    assert rows_of(text, "Every report")[2] == ["3", "water", "4 lots", "5 (2026-05-06)", "Lower village", "disputed", "Half of it"]  # fmt: skip


def test_the_list_of_all_that_was_delivered(place: Path):
    for name, lots in OWED.items():
        said(command.add, "well", {"obligation": name, "lots": lots, "day": 3, "as": "verified"})
    text = said(command.show, "well")
    assert "3 as verified, 3 with what is alleged" in text
    assert [row[-1] for row in rows_of(text, "What is due next")[:2]] == [
        "nothing: every step is delivered"
    ] * 2


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        ([], "nothing reported"),
        ([{"lots": 2, "as": "disputed"}], "disputed"),
        ([{"lots": 2}], "in part, alleged"),
        ([{"lots": 6}], "done, alleged"),
        ([{"lots": 2}, {"lots": 4, "as": "verified"}], "done, partly verified"),
        ([{"lots": 6}, {"lots": 6, "as": "verified", "settles": 1}], "done, verified"),
        ([{"lots": 6, "status": 3}, {"lots": 6, "as": "disputed", "settles": 1}], "disputed"),
        ([{"status": 1, "as": "verified"}], "begun, verified"),
        ([{"lots": 2}, {"status": 0, "day": 0}], "in part, alleged"),
        ([{"lots": 2}, {"status": 2, "day": 9, "as": "verified"}], "in part, verified"),
    ],
)
def test_the_status_is_the_last_report_that_nobody_disputes(place: Path, entries: list[dict], status: str):
    ledger = as_yaml(
        {"ledger": 1, "case": "well", "entries": [{"obligation": "water", "day": 3, **e} for e in entries]}
    )
    (place / "well" / "ledger.yaml").write_text(ledger)
    assert rows_of(said(command.show, "well"), "What was delivered")[1][-1] == status


@pytest.mark.parametrize(
    ("entry", "at_odds"),
    [
        ({"lots": 2, "status": 3}, True),
        ({"lots": 6, "status": 2}, True),
        ({"lots": 6, "status": 3}, False),
        ({"lots": 2, "status": 2}, False),
        ({"status": 3}, True),
        ({"status": 0}, False),
        ({"status": 1}, False),
        ({"lots": 6}, False),
    ],
)
def test_a_status_at_odds_with_the_lots_is_said(place: Path, entry: dict[str, int], at_odds: bool):
    said(command.add, "well", {"obligation": "water", "day": 1, **entry})
    text = said(command.show, "well")
    assert (
        f"'water' is reported as {STATUS[entry.get('status', 0)]}, and {entry.get('lots', 0)} of 6 lots"
        in text
    ) is at_odds


def test_days_beyond_any_calendar_are_listed(place: Path):
    said(command.add, "well", {"obligation": "key", "lots": 1, "day": 10**12}, None, "2026-05-01")
    assert "1000000000000" in said(command.show, "well")


@pytest.mark.parametrize("width", [60, 80, 110])
def test_the_list_fits_its_terminal(place: Path, width: int):
    (place / "well" / "ledger.yaml").write_text(LEDGER)
    text = said(command.show, "well", width=width)
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    assert "verified" in text


def test_a_broken_ledger_is_listed_as_its_faults(place: Path):
    (place / "well" / "ledger.yaml").write_text(LEDGER.replace("key", "kee"))
    with pytest.raises(
        CaseError, match=r"ledger\.yaml:5:6 entries\.0\.obligation: there is no obligation 'kee'"
    ):
        said(command.show, "well")


def test_the_words_of_the_command_line(place: Path):
    """`winset ledger CASE add` and `list` can be sub-commands of a group that takes the case."""
    app, ledger = typer.Typer(), typer.Typer()
    app.add_typer(ledger, name="ledger")
    app.command("other")(lambda: None)
    console = Console(width=200)

    @ledger.callback()
    def of(context: typer.Context, name: str) -> None:
        context.obj = name

    @ledger.command("add")
    def add(
        context: typer.Context,
        obligation: str,
        lots: Annotated[int | None, typer.Option()] = None,
        day: Annotated[int | None, typer.Option()] = None,
        reported_by: Annotated[str | None, typer.Option()] = None,
        standing: Annotated[str, typer.Option("--as")] = "alleged",
    ) -> None:
        entry = {
            "obligation": obligation,
            "lots": lots,
            "day": day,
            "reported_by": reported_by,
            "as": standing,
        }
        command.add(context.obj, console, entry)

    @ledger.command("list")
    def listed(context: typer.Context) -> None:
        command.show(context.obj, console)

    def run(words: str) -> Any:
        return CliRunner().invoke(app, words.split())

    assert run("ledger well add fees --lots 2 --day 2 --reported-by lower").exit_code == 0
    assert run("ledger well add --as verified --lots 1 --day 0 key").exit_code == 0
    assert isinstance(run("ledger well add fees --lots -1 --day 2").exception, CaseError)
    assert run("ledger well list").exit_code == 0
    assert run("ledger well add fees --lots two").exit_code == 2
    assert run("ledger well count").exit_code == 2
    assert [entry["obligation"] for entry in plain((place / "well/ledger.yaml").read_text())["entries"]] == [
        "fees",
        "key",
    ]
