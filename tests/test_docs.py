"""Docs that cannot drift: what they show is what comes out, and what is generated is current."""

from __future__ import annotations

import json
import re
from pathlib import Path

import winset
from winset.analyses import analyse_all
from winset.case import reference

ROOT = Path(__file__).parent.parent


def blocks(page: str, language: str) -> list[str]:
    """The fenced code of a page in one language ('' for plain)."""
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_reference_is_current():
    assert (ROOT / "docs/reference/case-file.md").read_text() == reference.page(), "winset schema --page"
    assert json.loads((ROOT / "docs/reference/case.schema.json").read_text()) == reference.schema()


def test_readme_shows_what_comes_out():
    case = winset.load_case("gaza-2025-10")
    out = squeezed(winset.render(case, analyse_all(case, ["agreement", "ratification"]), width=110))
    shown = next(block for block in blocks("README.md", "") if "Is there a package" in block)
    for line in shown.splitlines():
        if set(line) - set(" ─") and line.strip() not in ("...", "consent"):
            assert squeezed(line) in out, line


def test_readme_python_runs(capsys):
    for block in blocks("README.md", "python"):
        exec(compile(block, "README.md", "exec"), {})
    assert "hours" in capsys.readouterr().out


def test_links_lead_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_concept_is_explained():
    method = (ROOT / "docs/method.md").read_text()
    for concept in winset.CONCEPTS:
        assert concept.title in method
