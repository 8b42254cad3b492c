"""The command line as its users meet it: what it prints, its exit codes, and its errors."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.commandline import START, run_winset
from tests.helpers import SMALL, as_yaml, edited
from tests.test_search import plan
from tests.trips import EXCHANGE, TABLE


@pytest.mark.parametrize(
    "command", ["check", "show", "analyse", "convert", "power", "ledger", "schema", "cases"]
)
def test_every_command_explains_itself(command: str):
    done = run_winset(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_the_commands_are_the_documented_ones():
    listed = run_winset("--help").stdout
    assert all(
        f" {name} " in listed
        for name in ("check", "show", "analyse", "convert", "power", "ledger", "schema", "cases")
    )


def test_cases_lists_the_catalogue():
    done = run_winset("cases")
    assert done.returncode == 0
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names == sorted(folder.parent.name for folder in Path("cases").glob("*/case.yaml"))


def test_check_of_sound_cases():
    done = run_winset("check", "gaza-2025-10", "two-villages")
    assert done.returncode == 0, done.stderr
    assert "gaza-2025-10: sound; parties: 2" in done.stdout
    assert "packages: 216,000" in done.stdout


def test_check_reports_all_files_and_all_faults(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("winset: 1\ntitel: T\nparties: {a: {name: A}}\nobjective: b\n")
    done = run_winset("check", "one.yaml", "two.yaml", "two-villages", cwd=tmp_path)
    assert done.returncode == 1
    assert "two-villages: sound" in done.stdout
    for name in ("one", "two"):
        assert f"{name}.yaml:1:1: `title` is missing" in done.stderr
        assert f"{name}.yaml:2:1 titel: unknown key 'titel'; did you mean 'title'?" in done.stderr
        assert f"{name}.yaml:4:1 objective: there is no party 'b'" in done.stderr
    assert "6 faults" in done.stderr


def test_analyse_prints_the_answer_first():
    done = run_winset("analyse", "gaza-2025-10")
    assert done.returncode == 0, done.stderr
    text = done.stdout
    assert "Yes: 617 packages are acceptable to all who must consent, of 216,000" in text
    assert "does not make a deal likely" in text
    order = ["Who is at the table", "What is in dispute", "Is there a package", "side by side", "lacks"]
    places = [text.index(title) for title in order]
    assert places == sorted(places)


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_nothing_is_cut_off_at_any_width(columns: str):
    done = run_winset("analyse", "gaza-2025-10", COLUMNS=columns)
    flat = " ".join(done.stdout.split())
    for title in ("Nash,", "Egalitarian", "Compromise", "supported", "Adjusted Winner"):
        assert title in flat
    assert all(len(line.rstrip()) <= int(columns) for line in done.stdout.splitlines())


def test_json_to_standard_output_is_json_alone():
    done = run_winset("analyse", "two-villages", "--json", "-")
    data = json.loads(done.stdout)
    assert data["case"]["id"] == "two-villages"
    assert set(data["results"]) == {"agreement", "sticking", "ratification", "power"}


def test_json_to_a_file(tmp_path: Path):
    target = tmp_path / "out.json"
    done = run_winset("analyse", "two-villages", "--only", "agreement", "--json", str(target))
    assert done.returncode == 0
    assert "Is there a package" in done.stdout
    assert f"Written: {target}" in done.stdout
    assert json.loads(target.read_text())["results"]["agreement"]["zone"]["exists"] is True


def test_extended_issues_come_in_when_asked(tmp_path: Path):
    plain = run_winset(
        "show", "gaza-2025-10", "--text", "plan", "--package", "names=none,list=vetoes,monitoring=us_cell"
    )
    assert plain.returncode == 0, plain.stderr
    assert "destination" not in plain.stdout
    asked = run_winset("show", "gaza-2025-10", "--text", "plan", "--extended")
    assert asked.returncode == 2
    assert "destination" in asked.stderr


def test_a_named_package_is_looked_at_first():
    done = run_winset("analyse", "two-villages", "--only", "sticking", "--package", "hours=half,fee=high")
    assert done.returncode == 0, done.stderr
    flat = " ".join(done.stdout.split())
    assert (
        "stands in the way of the package asked about It is not acceptable to all who must consent." in flat
    )
    assert "Village council (Upper village) yes 10 points" in flat


def test_show_prints_the_arithmetic():
    done = run_winset("show", "two-villages", "--package", "hours=dawn,fee=low")
    assert done.returncode == 0, done.stderr
    flat = " ".join(done.stdout.split())
    assert "hours 0.6000 70 42.00" in flat
    assert "sum 62.00" in flat
    assert "The package is acceptable to all who must consent." in flat


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["analyse", "gaza-2025"], 2, "did you mean 'gaza-2025-10'?"),
        (["analyse", "nowhere.yaml"], 2, "nowhere.yaml: there is no such file"),
        (["analyse", "two-villages", "--only", "agrement"], 2, "did you mean 'agreement'?"),
        (
            ["analyse", "two-villages", "--json", "/nowhere/at/all.json"],
            2,
            "/nowhere/at: there is no such folder",
        ),
        (["analyse"], 2, "Missing argument"),
        (["analyze", "two-villages"], 2, "No such command"),
        (["show", "two-villages", "--package", "hours=dawn"], 2, "leaves open fee"),
        (
            ["show", "two-villages", "--package", "hours=dusk,fee=low"],
            2,
            "there is no option of 'hours' 'dusk'",
        ),
        (["show", "two-villages", "--package", "ours=dawn"], 2, "did you mean 'hours'?"),
        (["show", "two-villages", "--package", "hours"], 2, "not of the form issue=option"),
        (["show", "two-villages", "--package", "hours=dawn,hours=half"], 2, "keep one"),
        (["show", "two-villages", "--text", "mai"], 2, "did you mean 'may'?"),
        (["show", "."], 1, "without a `case.yaml`"),
        (["check", "README.md"], 1, "in no known format"),
    ],
)
def test_wrong_usage_says_the_way_out(words: list[str], code: int, says: str):
    done = run_winset(*words)
    assert done.returncode == code, done.stderr
    assert says.lower() in " ".join(done.stderr.split()).lower()
    assert "Traceback" not in done.stderr


def test_a_question_too_large_is_refused(tmp_path: Path):
    issues = "\n".join(
        f"  i{n}: {{title: I{n}, options: {{a: A, b: B, c: C, d: D, e: E}}}}" for n in range(12)
    )
    names = ", ".join(f"i{n}" for n in range(12))
    scores = "{" + ", ".join(f"i{n}: {{order: [a, b, c, d, e]}}" for n in range(12)) + "}"
    (tmp_path / "big.yaml").write_text(
        f"winset: 1\ntitle: Big\nas_of: 2026-01-01\nparties: {{p: {{name: P}}}}\nissues:\n{issues}\n"
        f"preferences:\n  p: {{walk_away: 10, weights: {{order: [{names}]}}, scores: {scores}}}\n"
    )
    done = run_winset("analyse", "big.yaml", "--method", "enumerate", cwd=tmp_path)
    assert done.returncode == 1
    assert "244,140,625 packages, more than the 10,000,000" in done.stderr


def test_a_case_without_preferences_is_shown_but_not_analysed(tmp_path: Path):
    (tmp_path / "bare.yaml").write_text("winset: 1\ntitle: Bare\nparties: {a: {name: A}}\n")
    assert run_winset("show", "bare.yaml", cwd=tmp_path).returncode == 0
    done = run_winset("analyse", "bare.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "the case has no `issues`" in done.stderr
    checked = run_winset("check", "bare.yaml", cwd=tmp_path)
    assert checked.returncode == 0
    assert "the case has no `as_of` date" in checked.stdout


def test_a_reader_that_leaves_early_is_no_fault():
    process = subprocess.Popen(
        [*START, "show", "gaza-2025-10"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.wait()
    assert "Traceback" not in errors
    assert "Broken pipe" not in errors


def test_labels_are_text_and_never_markup(tmp_path: Path):
    raw = Path("cases/two-villages/case.yaml").read_text()
    (tmp_path / "odd.yaml").write_text(raw.replace("name: Upper village", "name: '[red]Upper[/red] قرية'"))
    done = run_winset("analyse", "odd.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "[red]Upper[/red] قرية" in done.stdout


def test_control_characters_are_refused(tmp_path: Path):
    raw = Path("cases/two-villages/case.yaml").read_text()
    (tmp_path / "odd.yaml").write_text(raw.replace("name: Upper village", 'name: "\\e[2J"'))
    done = run_winset("check", "odd.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "control characters" in done.stderr
    assert "\x1b" not in done.stderr


def test_an_option_that_nobody_looks_at_is_refused():
    done = run_winset("analyse", "two-villages", "--only", "agreement", "--per-line", "5")
    assert done.returncode == 2
    assert "--per-line is for sticking; ask for that with --only sticking" in done.stderr


def test_a_price_out_of_range_is_refused():
    for price in ("nan", "0", "-1", "1e9"):
        done = run_winset("analyse", "two-villages", "--per-point", price)
        assert done.returncode == 2
        assert f"per_point is {float(price)}; give a number from 0.01 to 100" in done.stderr


def test_a_package_of_extended_issues_says_how_to_take_them_in():
    done = run_winset("analyse", "gaza-2025-10", "--only", "sticking", "--package", "aid=agreed")
    assert done.returncode == 1
    assert "'aid' is an extended issue; take those into play with --extended" in done.stderr


def test_a_case_of_any_size_is_answered(tmp_path: Path):
    """Past what can be gone through, every question goes to the search; forced enumeration says what it can."""
    data = plan(12, 4, 2, 0)
    data["texts"] = {"draft": {"title": "Draft", "package": {f"i{i}": "o0" for i in range(12)}}}
    data["on_the_table"] = "draft"
    for wants in data["preferences"].values():
        wants["walk_away"] = 70
    (tmp_path / "case.yaml").write_text(as_yaml(data))
    done = run_winset("analyse", "case.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Yes: some of 16,777,216 packages are acceptable to all who must consent" in done.stdout
    assert "must change before a package is acceptable" in " ".join(done.stdout.split())
    asked = run_winset("analyse", "case.yaml", "--only", "sticking", "--method", "enumerate", cwd=tmp_path)
    assert asked.returncode == 1
    assert "more than the 10,000,000" in asked.stderr
    guessed = run_winset("analyse", "case.yaml", "--method", "guess", cwd=tmp_path)
    assert guessed.returncode == 2
    assert "there is no method 'guess'" in guessed.stderr


def test_a_question_that_cannot_be_answered_does_not_lose_the_others(tmp_path: Path):
    """A vote finer than a repair can weigh: said, on the page too, and the zone is answered all the same."""
    data = plan(3, 3, 2, 0)
    data["parties"]["p0"] = {
        "name": "Party 0",
        "factions": {"a": {"name": "A", "weight": 99_991}, "b": {"name": "B", "weight": 70_001}},
        "speaks_for": "a",
        "ratification": {"quota": {"more_than": "1/2"}},
    }
    wants = data["preferences"].pop("p0") | {"walk_away": 99}
    data["preferences"] |= {"p0.a": wants, "p0.b": wants}
    (tmp_path / "case.yaml").write_text(as_yaml(data))
    done = run_winset("analyse", "case.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "No: of 27 packages none is acceptable" in done.stdout
    assert "Not answered: What stands in the way? For this, a vote has" in " ".join(done.stdout.split())
    page = run_winset("analyse", "case.yaml", "--html", "-", cwd=tmp_path)
    assert "Not answered: What stands in the way?" in page.stdout
    assert "Not answered: What stands in the way?" in page.stderr


def test_a_ledger_is_for_the_exchange(tmp_path: Path):
    file = tmp_path / "ledger.yaml"
    entry = "{obligation: hostages_living, lots: 20, day: 3, as: verified}"
    file.write_text(f"ledger: 1\ncase: gaza-2025-10\nentries:\n  - {entry}\n")
    done = run_winset("analyse", "gaza-2025-10", "--only", "exchange", "--ledger", str(file))
    assert "Delivered and verified before: 20 of 20 hostages_living." in done.stdout
    done = run_winset("analyse", "gaza-2025-10", "--only", "agreement", "--ledger", str(file))
    assert done.stderr == "winset: --ledger is for exchange and design; ask for that with --only exchange\n"
    done = run_winset("analyse", "gaza-2025-10", "--ledger", str(tmp_path / "none.yaml"))
    assert (done.returncode, "no such file" in done.stderr) == (2, True)


def test_what_one_question_lacks_does_not_take_the_others_away(tmp_path: Path):
    """A number of the exchange depends on an issue that nothing settles: the rest is answered, and it is said."""
    by_fee = "worth: {upper: -5, lower: {by: fee, free: 1, low: 2, high: 3}}"
    exchange = edited(EXCHANGE, ("worth: {upper: -5, lower: 10}", by_fee), (TABLE, "on_the_table: april"))
    (tmp_path / "well.yaml").write_text(edited(SMALL, (TABLE, exchange.rstrip("\n"))), encoding="utf-8")
    done = run_winset("analyse", "well.yaml", cwd=tmp_path)
    text = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert "Yes: 2 packages are acceptable to all who must consent, of 8" in text
    assert "Not answered: Will each side carry out its part?" in text
    assert "depends on how 'fee' is settled, which is left open" in text
    assert run_winset("analyse", "well.yaml", "--only", "exchange", cwd=tmp_path).returncode == 1
    warned = run_winset("check", "well.yaml", cwd=tmp_path)
    assert warned.returncode == 0
    assert (
        "depends on 'fee', left open by text on the table and `exchange.package`"
        in warned.stdout + warned.stderr
    )
