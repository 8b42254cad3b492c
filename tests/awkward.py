"""Cases that a page finds hard: names in other scripts, markup in labels, sixty of everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.helpers import SMALL, as_yaml, case_of, plain
from winset.case.model import Case

ATTACK = "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
MARKUP = "&lt;b&gt; & \"quotes\" 'too' {{ 7*7 }} {% raw %} </style></svg></table><b>"
ARABIC, HEBREW, CHINESE = "الحكومة الوطنية المؤقتة", "ממשלת האחדות הלאומית", "中华人民共和国外交部代表团"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 5
TEXTS = frozenset({"title", "name", "text", "what", "label", "status_quo", "because", "note", "role"})


def reworded(data: Any, word: Callable[[str], str], key: str = "") -> Any:
    """The data with every text that people read replaced."""
    if isinstance(data, dict):
        bare = key == "options"  # an option's plain text is its label
        return {k: reworded(v, word, "label" if bare and isinstance(v, str) else k) for k, v in data.items()}
    if isinstance(data, list):
        return [reworded(entry, word, key) for entry in data]
    return word(data) if key in TEXTS and isinstance(data, str) else data


def attacked() -> Case:
    """Every text is markup or a script."""
    data = reworded(plain(SMALL), lambda text: f"{text} {ATTACK} {MARKUP}")
    return case_of(as_yaml(data), id="attacked")


def in_other_scripts() -> Case:
    """Names in Arabic, Hebrew and Chinese, and a word that fits no column."""
    data = plain(SMALL)
    data["parties"]["upper"]["name"] = ARABIC
    data["parties"]["upper"]["factions"]["council"]["name"] = HEBREW
    data["parties"]["lower"]["name"] = CHINESE
    data["issues"]["fee"]["title"] = LONG
    data["issues"]["hours"]["options"]["dawn"] = ARABIC
    return case_of(as_yaml(data), id="in-other-scripts")


def many_issues(number: int, free: int = 8) -> Case:
    """So many issues of two options each; all but `free` of them are settled by a constraint."""
    names = [f"issue_{i}" for i in range(number)]
    scores = {name: {"no": 20 + i % 50, "yes": 60} for i, name in enumerate(names)}
    preference = {"walk_away": 30, "weights": dict.fromkeys(names, 1), "scores": scores}
    data = {
        "winset": 1,
        "title": f"{number} issues",
        "parties": {side: {"name": f"Side {side}"} for side in "ab"},
        "issues": {
            name: {
                "title": f"Sticking point {name}",
                "options": {"no": "It is left as it is", "yes": "It is done"},
            }
            for name in names
        },
        "preferences": {"a": preference, "b": preference},
        "constraints": [{"id": f"fixed_{name}", "forbid": f"{name} == no"} for name in names[free:]],
        "texts": {"draft": {"package": dict.fromkeys(names[: free // 2], "no")}},
        "on_the_table": "draft",
    }
    return case_of(as_yaml(data), id=f"{number}-issues")


def many_factions(number: int) -> Case:
    """A side with so many factions that vote at home."""
    data = plain(SMALL)
    upper = data["parties"]["upper"]
    upper["factions"] = {f"group_{i}": {"name": f"Group {i} of the upper village"} for i in range(number)}
    upper["speaks_for"] = "group_0"
    del upper["survival"], data["levers"]
    council = data["preferences"].pop("upper.council")
    del data["preferences"]["upper.herders"]
    for i in range(number):
        data["preferences"][f"upper.group_{i}"] = {**council, "walk_away": 20 + i % 40}
    return case_of(as_yaml(data), id=f"{number}-factions")
