"""How soon winset answers: CPU seconds (user and system) of a whole process, against what we aim at.

The first, cold run finds no compiled bytecode at all, as just after an installation that compiles nothing.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

WINSET = str(Path(sys.executable).parent / "winset")
RUNS = 5


class Claim(NamedTuple):
    name: str
    command: tuple[str, ...]
    aim: float  # CPU seconds


CLAIMS = (
    Claim("import winset", (sys.executable, "-c", "import winset"), 0.2),
    Claim("winset --help", (WINSET, "--help"), 0.4),
    Claim("winset check gaza-2025-10", (WINSET, "check", "gaza-2025-10"), 1.0),
    Claim("winset analyse gaza-2025-10", (WINSET, "analyse", "gaza-2025-10"), 4.0),
    Claim("the same with --html", (WINSET, "analyse", "gaza-2025-10", "--html", os.devnull), 6.0),
)


def cpu_seconds(command: tuple[str, ...], environment: dict[str, str]) -> float:
    """What one run costs, the processes that it started and waited for included."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, stderr=errors.read())
    return usage.ru_utime + usage.ru_stime


def measure(claim: Claim) -> str:
    """One line: the cold run, then best and median of the warm ones."""
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        cold, *warm = (cpu_seconds(claim.command, environment) for _ in range(1 + RUNS))
    median = statistics.median(warm)
    verdict = "met" if median <= claim.aim else "missed"
    return f"{claim.aim:6.1f} {min(warm):6.2f} {median:8.2f} {cold:6.2f}  {verdict}"


def main() -> int:
    """Print the table; a figure never fails the run, a command that does not work does."""
    width = max(len(claim.name) for claim in CLAIMS)
    print(f"CPU seconds, {RUNS} warm runs after a cold one; an aim is met by the median")
    print(f"{'':{width}} {'aim':>6} {'best':>6} {'median':>8} {'cold':>6}")
    failed = 0
    for claim in CLAIMS:
        try:
            print(f"{claim.name:{width}} {measure(claim)}")
        except subprocess.CalledProcessError as error:
            failed += 1
            print(f"{claim.name:{width}} does not work (exit {error.returncode})")
            print(error.stderr.decode(errors="replace").rstrip(), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
