"""The command line in a process of its own, without the second that loading it takes.

`run_winset(...)` asks an interpreter that has everything loaded to fork; the fork becomes the command line. Each
pytest process keeps one such interpreter. `START` begins a process from nothing instead, for tests that
signal it, cut its pipes, or count what it loads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
START = [sys.executable, "-c", "from winset.cli import main; main()"]


def run_winset(*words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, 110 columns wide unless told otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        out, errors = Path(folder, "out"), Path(folder, "errors")
        asked = {
            "words": words,
            "cwd": str(cwd or Path.cwd()),
            "environment": {**os.environ, "COLUMNS": "110", **environment},
            "out": str(out),
            "errors": str(errors),
        }
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        texts = (file.read_text("utf-8") for file in (out, errors))
        return subprocess.CompletedProcess(["winset", *words], code, *texts)


@cache
def _server() -> subprocess.Popen[str]:
    """Ends when its standard input does, with the process that asked for it."""
    code = "from tests.commandline import serve; serve()"
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def serve() -> None:
    """Answer each request with the exit code of a fork that carries it out."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as `main` has it: what forks must have one thread
    for name in ("analyse", "cases", "check", "convert", "ledger", "power", "schema", "show"):
        import_module(f"winset.commands.{name}")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> None:
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    made = os.O_WRONLY | os.O_CREAT
    for number, path, flags in ((0, os.devnull, 0), (1, asked["out"], made), (2, asked["errors"], made)):
        os.dup2(os.open(path, flags), number)
    sys.argv = ["winset", *asked["words"]]
    import_module("winset.cli").main()
