"""The house rules: who may import whom, no cycles, and what no room may do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "winset"
FILES = sorted(ROOT.rglob("*.py"))
# Each room with what of winset it may import; a dotted name allows that module alone.
RULES = {
    "errors": set(),
    "kernels": set(),
    "case": {"errors"},
    "space": {"errors", "case", "kernels"},
    "compute": {"errors"},
    "analyses": {"errors", "space", "case", "kernels", "compute"},
    "formats": {"errors", "case"},
    "report": {
        "errors",
        "case",
        "analyses",
        "analyses.result",
        "analyses.sections",
        "analyses.wording",
    },
    "commands": {"errors", "case", "space", "compute", "analyses", "formats", "report"},
    "cli": {"", "errors"},
    "": {"analyses", "case", "errors", "formats", "report", "space"},
}
PRINTERS = {"cli.py", "terminal.py"}


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


MODULES = {module_of(file): file for file in FILES}


def imports(tree: ast.AST) -> list[tuple[str, int]]:
    """Modules of winset that a tree imports, with lines; names imported from a package count as modules."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [
                (alias.name, node.lineno) for alias in node.names if alias.name.split(".")[0] == "winset"
            ]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "winset":
            assert node.level == 0
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.append((inner if inner in MODULES else str(node.module), node.lineno))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_keep_to_the_house(file: Path):
    room = room_of(module_of(file))
    for target, line in imports(ast.parse(file.read_text())):
        other = room_of(target)
        if other == room:
            continue
        allowed = RULES[room]
        dotted = {name for name in allowed if name.startswith(f"{other}.")}
        inner = target.removeprefix("winset.")
        fine = other in allowed if not dotted else inner in dotted or inner == other
        assert fine, f"{file}:{line}: {room} may not import {target}"


def test_no_analysis_imports_another():
    for module, file in MODULES.items():
        parts = module.split(".")
        if parts[1:2] == ["analyses"] and len(parts) > 3:
            for target, line in imports(ast.parse(file.read_text())):
                theirs = target.split(".")
                other = (
                    theirs[1:2] == ["analyses"]
                    and len(theirs) > 2
                    and (ROOT / "analyses" / theirs[2]).is_dir()
                )
                assert not other or theirs[2] == parts[2], f"{file}:{line}: imports the analysis {theirs[2]}"


def test_no_cycles():
    """Among modules; `winset/__init__` hands names on lazily and is left out."""
    graph = {
        module: {target for target, _ in imports(ast.parse(file.read_text())) if target != module}
        for module, file in MODULES.items()
        if module != "winset"
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module in done or module not in graph:
            return
        for target in graph[module]:
            visit(target, (*path, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_manners(file: Path):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, f"{file}:{node.lineno}: import inside a function"
        if isinstance(node, ast.ExceptHandler):
            name = ast.unparse(node.type) if node.type else ""
            reraises = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            broad = name in ("", "Exception", "BaseException")
            assert not broad or reraises, f"{file}:{node.lineno}: broad except"
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            assert file.name in PRINTERS, f"{file}:{node.lineno}: print"
        if isinstance(node, ast.Attribute):
            spelled = ast.unparse(node)
            own = spelled.startswith(("np.random.default_rng", "np.random.Generator", "np.random.Philox"))
            shared = spelled.startswith(("np.random.", "random."))
            assert own or not shared, f"{file}:{node.lineno}: global random state"


def test_lists_leave_nothing_out():
    """Every concept file is in CONCEPTS."""
    from winset.analyses.agreement import CONCEPTS

    files = {
        f.stem
        for f in (ROOT / "analyses" / "agreement").glob("*.py")
        if "CONCEPT = Concept(" in f.read_text()
    }
    assert files == {concept.id for concept in CONCEPTS}


def test_public_names():
    """The exact list; each can be had, and asking for the package imports nothing heavy."""
    import subprocess
    import sys

    import winset

    assert winset.__all__ == [
        "ANALYSES", "CONCEPTS", "FORMATS", "Case", "CaseError", "Result", "Space",
        "analyse", "build_space", "load_case", "render",
    ]  # fmt: skip
    assert all(getattr(winset, name) is not None for name in winset.__all__)
    heavy = "print([m for m in ('numpy', 'pydantic', 'yaml', 'rich') if m in sys.modules])"
    code = f"import sys, winset; {heavy}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
