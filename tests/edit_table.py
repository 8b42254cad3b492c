"""Files, changes to the cases they state, and the files these changes must give: one row an edit."""

from __future__ import annotations

import json
from typing import Any

Row = tuple[str, str, dict[str, Any], str]

# What stands above every file here.
HEAD = "winset: 1\ntitle: T\n"

# Each row: what is tried, the file below HEAD, the changes by path, and the file they give.
EDITS: list[Row] = [
    (
        "a plain text, its comment kept",
        "sources:\n  a: {title: Old}   # one\n  b:\n    title:   Old  # two\n    # three\n    note: 'it''s'\n",
        {"sources.a.title": "New", "sources.b.title": "New: er"},
        "sources:\n  a: {title: New}   # one\n  b:\n    title:   \"New: er\"  # two\n    # three\n    note: 'it''s'\n",
    ),
    (
        "quotes stay quotes",
        'sources:\n  a: {title: "Old"}\n  b:\n    title: \'Old\'\n    note: "Old"\n',
        {"sources.b.title": "It's", "sources.b.note": "New"},
        "sources:\n  a: {title: \"Old\"}\n  b:\n    title: 'It''s'\n    note: \"New\"\n",
    ),
    (
        "a folded text stays folded",
        "sources:\n  a:\n    title: >-\n      Old text\n      here\n\n    note: x\n",
        {"sources.a.title": "New text"},
        "sources:\n  a:\n    title: >-\n      New text\n\n    note: x\n",
    ),
    (
        "a literal text takes lines",
        "sources:\n  a:\n    title: |-\n      Old\n      text\n    note: x\n",
        {"sources.a.title": "New\n\ntext"},
        "sources:\n  a:\n    title: |-\n      New\n\n      text\n    note: x\n",
    ),
    (
        "no block text before a comment",
        "sources:\n  a:\n    title: Old # c\n",
        {"sources.a.title": "New\ntext"},
        'sources:\n  a:\n    title: "New\\ntext" # c\n',
    ),
    (
        "a text over several lines",
        "sources:\n  a:\n    title: Old\n      text  # c\n    note: x\n",
        {"sources.a.title": "New"},
        "sources:\n  a:\n    title: New  # c\n    note: x\n",
    ),
    (
        "numbers keep their spelling",
        "parties:\n  p:\n    name: P\n    power: [0.50, 1.0, 1e0]   # c\n",
        {"parties.p.power": [0.25, 1, 1]},
        "parties:\n  p:\n    name: P\n    power: [0.25, 1.0, 1e0]   # c\n",
    ),
    (
        "a short form is replaced as a whole",
        "parties:\n  p:\n    name: P\n    power: 2 # c\n",
        {"parties.p.power": [1, 2, 3]},
        "parties:\n  p:\n    name: P\n    power: [1, 2, 3] # c\n",
    ),
    (
        "a spelled-out default counts as existing",
        "parties:\n  p: {name: P, power: 1, role: negotiator}\n",
        {"parties.p.role": "observer", "parties.p.power": 2},
        "parties:\n  p: {name: P, power: 2, role: observer}\n",
    ),
    (
        "a spelled-out null counts as existing",
        "sources:\n  a:\n    title: A\n    note:   # none\n    url: ~\n",
        {"sources.a.note": "N", "sources.a.url": "U"},
        "sources:\n  a:\n    title: A\n    note: N   # none\n    url: U\n",
    ),
    (
        "a value where only a key stands",
        "sources:\n  a: {title: A, note, url: }\n",
        {"sources.a.note": "N", "sources.a.url": "U"},
        "sources:\n  a: {title: A, note: N, url: U }\n",
    ),
    (
        "a key added to a flow mapping",
        "sources:\n  a: {title: A}   # c\n",
        {"sources.a.note": "N, n"},
        'sources:\n  a: {title: A, note: "N, n"}   # c\n',
    ),
    (
        "a key added to a wrapped flow mapping",
        "sources:\n  a: {title: A,\n    note: N  # c\n    }\n",
        {"sources.a.publisher": "P", "sources.a.url": "u"},
        "sources:\n  a: {title: A, publisher: P, url: u,\n    note: N  # c\n    }\n",
    ),
    (
        "keys added to block mappings",
        "sources:\n  a:\n    title: A   # c\n    # d\n\n# e\nfacts:\n- what: F",
        {"sources.a.note": "N", "sources.b": {"title": "B", "note": "M"}, "mediators": {"m": {"name": "M"}}},
        "sources:\n  a:\n    title: A   # c\n    note: N\n    # d\n  b: {title: B, note: M}\n\nmediators:\n"
        "  m: {name: M}\n\n# e\nfacts:\n- what: F",
    ),
    (
        "a key added after a block text",
        "sources:\n  a:\n    title: |+\n      A\n\n\n  b: {title: B}\n",
        {"sources.a.note": "N"},
        "sources:\n  a:\n    title: |+\n      A\n\n\n    note: N\n  b: {title: B}\n",
    ),
    (
        "a key removed from a block mapping",
        "sources:\n  # a\n  a:\n    title: A\n    # n\n    note: >-\n      N\n      n\n  # b\n  b:\n    title: B\n",
        {"sources.a.note": None, "sources.b": None},
        "sources:\n  # a\n  a:\n    title: A\n    # n\n  # b\n",
    ),
    (
        "the first keys of an item removed",
        "cautions:\n  - id: x  # one\n    # two\n    when: 'h == a'  # three\n    because: B\nissues: {h: {title: H, options: {a: A, b: B}}}\n",
        {"cautions.x.id": None},
        "cautions:\n  - # two\n    when: 'h == a'  # three\n    because: B\nissues: {h: {title: H, options: {a: A, b: B}}}\n",
    ),
    (
        "the first key of an item removed, the next moves up",
        "facts:\n  -   date: 2026-01-01\n\n      what: F\n",
        {"facts": [{"what": "F"}]},
        "facts:\n  -   what: F\n",
    ),
    (
        "pairs removed from a flow mapping",
        "sources:\n  a: {title: A, publisher: P,\n    date: 2026-01-01, note: N}\n  b: {note: N, url: U, title: B}\n",
        {"sources.a.publisher": None, "sources.a.note": None, "sources.b.note": None, "sources.b.url": None},
        "sources:\n  a: {title: A,\n    date: 2026-01-01}\n  b: {title: B}\n",
    ),
    (
        "a comment between pairs stays when one goes",
        "sources:\n  a: {title: A, # one\n    note: N, # two\n    url: U} # three\n",
        {"sources.a.note": None},
        "sources:\n  a: {title: A, # one\n    url: U} # three\n",
    ),
    (
        "a comment above a pair stays when the pair before goes",
        "sources:\n  a: {note: N, # two\n    # three\n    title: A}\n",
        {"sources.a.note": None},
        "sources:\n  a: { # three\n    title: A}\n",
    ),
    (
        "pairs removed on both sides of a comment",
        "sources:\n  a: {title: A, publisher: P, # one\n    note: N, url: U, date: 2026-01-01}\n",
        {"sources.a.publisher": None, "sources.a.note": None, "sources.a.url": None},
        "sources:\n  a: {title: A, # one\n    date: 2026-01-01}\n",
    ),
    (
        "a last pair after a comment goes with its comma",
        "sources:\n  a: {title: A, # one\n    note: N,}\n",
        {"sources.a.note": None},
        "sources:\n  a: {title: A, # one\n    }\n",
    ),
    (
        "an emptied mapping goes with its key",
        "sources: {a: {title: A}} # c\nfacts: []\n",
        {"sources": {}},
        "facts: []\n",
    ),
    (
        "a required mapping is emptied",
        "texts:\n  t:\n    package:\n      h: a # c\n    note: N\nissues: {h: {title: H, options: {a: A, b: B}}}\n",
        {"texts.t.package": {}},
        "texts:\n  t:\n    package: {}\n    note: N\nissues: {h: {title: H, options: {a: A, b: B}}}\n",
    ),
    (
        "items appended",
        "parties:\n  p:\n    name: P\n    delegation: [A,  B]  # c\nfacts:\n  - {what: F}  # d\n  # e\n",
        {
            "parties.p.delegation": ["A", "B", "C"],
            "facts": [{"what": "F"}, {"what": "G", "date": "2026-01-01"}],
        },
        "parties:\n  p:\n    name: P\n    delegation: [A,  B, C]  # c\nfacts:\n  - {what: F}  # d\n"
        "  - {what: G, date: 2026-01-01}\n  # e\n",
    ),
    (
        "items removed",
        "parties:\n  p:\n    name: P\n    delegation: [A,  B, C]  # c\nfacts:\n# 1\n- what: F\n# 2\n- what: G # g\n# 3\n",
        {"parties.p.delegation": ["B"], "facts": [{"what": "G"}]},
        "parties:\n  p:\n    name: P\n    delegation: [B]  # c\nfacts:\n# 1\n# 2\n- what: G # g\n# 3\n",
    ),
    (
        "an item changed and another inserted",
        "facts:\n  - what: A  # a\n  - what: B  # b\n  - what: C  # c\n",
        {"facts": [{"what": "New"}, {"what": "A"}, {"what": "B", "date": "2026-01-01"}, {"what": "C"}]},
        "facts:\n  - {what: New}\n  - what: A  # a\n  - what: B  # b\n    date: 2026-01-01\n  - what: C  # c\n",
    ),
    (
        "an id becomes a list and a list an id",
        "sources: {a: {title: A}, b: {title: B}}\nfacts:\n  - {what: F, source: a}\n  - what: G\n    source: [a, b] # c\n",
        {"facts": [{"what": "F", "source": ["a", "b"]}, {"what": "G", "source": "b"}]},
        "sources: {a: {title: A}, b: {title: B}}\nfacts:\n  - {what: F, source: [a, b]}\n  - what: G\n    source: b # c\n",
    ),
    (
        "a bare reason stays bare, and grows where it must",
        "sources: {a: {title: A}}\nissues:\n  h: {title: H, because: Old, options: {a: A, b: B}}\n"
        "  i: {title: I, because: Old, options: {a: A, b: B}}\n",
        {"issues.h.because": "New", "issues.i.because": {"text": "Old", "source": "a"}},
        "sources: {a: {title: A}}\nissues:\n  h: {title: H, because: New, options: {a: A, b: B}}\n"
        "  i: {title: I, because: {text: Old, source: a}, options: {a: A, b: B}}\n",
    ),
    (
        "an option set in between others",
        "issues:\n  h:\n    title: H\n    options:\n      # first\n      a: A\n      # last\n      b: B\n",
        {"issues.h.options": {"z": "Z", "a": "A", "c": "C", "b": "B"}},
        "issues:\n  h:\n    title: H\n    options:\n      # first\n      z: Z\n      a: A\n      c: C\n      # last\n      b: B\n",
    ),
    (
        "options put into another order",
        "issues:\n  h:\n    title: H\n    options: {a: A, b: B}  # c\n  i:\n    title: I\n    options:\n"
        "      # 1\n      a: A # a\n      # 2\n      b: B # b\n      # 3\n      c: C # c\n",
        {"issues.h.options": {"b": "B", "a": "A"}, "issues.i.options": {"c": "C", "a": "A", "b": "N"}},
        "issues:\n  h:\n    title: H\n    options: {b: B, a: A}  # c\n  i:\n    title: I\n    options:\n"
        "      # 1\n      c: C\n      a: A # a\n      # 2\n      b: N # b\n      # 3\n",
    ),
    (
        "a block becomes a short flow, its key's comment kept",
        "parties:\n  p:\n    name: P\n    power:  # c\n      low: 1\n      mode: 2 # d\n      high: 3\n    note: N\n",
        {"parties.p.power": 4},
        "parties:\n  p:\n    name: P\n    power: 4  # c\n    note: N\n",
    ),
    (
        "a long value becomes a block",
        "parties:\n  p:\n    name: P\n    ratification: {faction: p}\nissues: {}\n",
        {"parties.p.ratification": {"all_of": [{"faction": "p", "because": "because " * 20}]}},
        "parties:\n  p:\n    name: P\n    ratification:\n      all_of:\n        - because:\n"
        "            text: " + json.dumps("because " * 20) + "\n          faction: p\nissues: {}\n",
    ),
    (
        "a red line by condition, the last one removed",
        "parties: {p: {name: P}}\nissues: {h: {title: H, options: {a: A, b: B}}}\n"
        "preferences:\n  p:\n    walk_away: 1\n    weights: {h: 1}\n    scores: {h: {a: 1, b: 2}}\n    red_lines:\n"
        '      "h == a": 0.5 # c\n    note: N\n',
        {"preferences.p.red_lines.h == a": None},
        "parties: {p: {name: P}}\nissues: {h: {title: H, options: {a: A, b: B}}}\n"
        "preferences:\n  p:\n    walk_away: 1\n    weights: {h: 1}\n    scores: {h: {a: 1, b: 2}}\n    note: N\n",
    ),
    (
        "a comment between key and value stays",
        "sources:\n  a:\n    title: # one\n      # two\n      Old\n",
        {"sources.a.title": "New\ntext"},
        'sources:\n  a:\n    title: # one\n      # two\n      "New\\ntext"\n',
    ),
    (
        "a text takes the width of the line it replaces",
        "sources:\n  a:\n    title: " + "word " * 30 + "old\n    note: old  \n",
        {"sources.a.title": "word " * 30 + "new", "sources.a.note": "word " * 29 + "new"},
        "sources:\n  a:\n    title: " + "word " * 30 + "new\n    note: >-\n"
        "      word word word word word word word word word word word word word word word word word word word word "
        "word\n      word word word word word word word word new\n",
    ),
    (
        "a block after a wide dash",
        "parties:\n  p:\n    name: P # c\n    ratification:\n      all_of:\n        -   faction: p\n",
        {"parties.p.ratification": {"all_of": [{"any_of": [{"faction": "p"}], "because": "B"}]}},
        "parties:\n  p:\n    name: P # c\n    ratification:\n      all_of:\n        - because: {text: B}\n"
        "          any_of:\n            - {faction: p}\n",
    ),
    (
        "the first two keys of an item removed",
        "sources: {a: {title: A}}\nfacts:\n  - date: 2026-01-01\n    source: a\n    what: F # c\n",
        {"facts": [{"what": "F"}]},
        "sources: {a: {title: A}}\nfacts:\n  - what: F # c\n",
    ),
    (
        "a pair without brackets gets them",
        "parties:\n  p:\n    name: P # c\n    ratification: {all_of: [faction: p ]}\n",
        {"parties.p.ratification": {"all_of": [{"faction": "p", "because": "B"}]}},
        "parties:\n  p:\n    name: P # c\n    ratification: {all_of: [{because: {text: B}, faction: p} ]}\n",
    ),
    (
        "a block becomes a text, its key's comment kept",
        "issues:\n  h:\n    title: H\n    options:\n      a: # c\n        label: A\n        basis: B\n      b: B\n",
        {"issues.h.options.a": "Two\nlines"},
        'issues:\n  h:\n    title: H\n    options:\n      a: "Two\\nlines" # c\n      b: B\n',
    ),
    (
        "a long value before a comment stays on its line",
        "parties:\n  p:\n    name: P\n    ratification: {faction: p} # c\n",
        {"parties.p.ratification": {"any_of": [{"faction": "p"}] * 8}},
        "parties:\n  p:\n    name: P\n    ratification: {any_of: ["
        + ", ".join(["{faction: p}"] * 8)
        + "]} # c\n",
    ),
    (
        "an empty list is filled",
        "parties: {p: {name: P, delegation: [ ]}} # c\nlevers:\n- {id: l, by: p, what: W, set: {parties.p.delegation: [ ]}}\n",
        {"parties.p.delegation": ["A"], "levers.l.set": {"parties.p.delegation": ["B"]}},
        "parties: {p: {name: P, delegation: [A]}} # c\nlevers:\n- {id: l, by: p, what: W, set: {parties.p.delegation: [B]}}\n",
    ),
    (
        "the end of the file removed, where no line end stood",
        "sources:\n  a: {title: A}\n  b: {title: B}",
        {"sources.b": None},
        "sources:\n  a: {title: A}",
    ),
    (
        "a document between markers",
        "sources: {}\n...\n# end\n",
        {"sources": {"a": {"title": "A"}}},
        "sources: {a: {title: A}}\n...\n# end\n",
    ),
]

ALIASES: list[Row] = [
    (
        "the alias is written out where its own value changes",
        "parties:\n  p: {name: P, delegation: &d [A, B]}\n  q: {name: Q, delegation: *d} # c\n",
        {"parties.q.delegation": ["A", "C"]},
        "parties:\n  p: {name: P, delegation: &d [A, B]}\n  q: {name: Q, delegation: [A, C]} # c\n",
    ),
    (
        "the alias is written out where the anchor's value changes",
        "parties:\n  p: {name: P, delegation: &d [A, B]}\n  q:\n    name: Q\n    delegation: *d # c\n",
        {"parties.p.delegation": ["A", "C"]},
        "parties:\n  p: {name: P, delegation: &d [A, C]}\n  q:\n    name: Q\n    delegation: [A, B] # c\n",
    ),
    (
        "the alias is written out where the anchor goes",
        "sources:\n  a: &a\n    title: A\n    note: N\n  b: *a  # c\n",
        {"sources.a": None},
        "sources:\n  b: {title: A, note: N}  # c\n",
    ),
    (
        "an alias inside an anchored value",
        "sources:\n  a: &a {title: &t Old, note: *t}\n  b: *a\n  c: {title: *t}\n",
        {"sources.a.title": "New"},
        "sources:\n  a: &a {title: &t New, note: Old}\n  b: {title: Old, note: Old}\n  c: {title: Old}\n",
    ),
    (
        "an alias that stands for a default goes",
        "parties:\n  p: {name: P, power: &one 1}\n  q: {name: Q, power: *one}\n",
        {"parties.p.power": 2},
        "parties:\n  p: {name: P, power: &one 2}\n  q: {name: Q}\n",
    ),
    (
        "an anchored item becomes a block",
        "parties:\n  p:\n    name: P\n    ratification:\n      all_of:\n      - &r {faction: p}\n",
        {"parties.p.ratification": {"all_of": [{"any_of": [{"faction": "p"}] * 8}]}},
        "parties:\n  p:\n    name: P\n    ratification:\n      all_of:\n      - &r\n        any_of:\n"
        + "          - {faction: p}\n" * 8,
    ),
    (
        "an untouched alias stays",
        "parties:\n  p: {name: P, delegation: &d [A, B]}\n  q: {name: Q, delegation: *d}\n",
        {"parties.q.name": "R", "parties.p.name": "O"},
        "parties:\n  p: {name: O, delegation: &d [A, B]}\n  q: {name: R, delegation: *d}\n",
    ),
]
