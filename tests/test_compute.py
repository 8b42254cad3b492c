"""Where draws run: the same bits in every place, the payload once, and nothing left behind by what stops them."""

from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.helpers import hear_interrupts
from winset.compute import MOST_JOBS, ComputeError, Where, cluster, processes, remaining, run
from winset.errors import CaseError, Fault, LimitExceeded, NotApplicable, OutOfRange, UnknownName, WinsetError

ROOT = Path(__file__).parent.parent
HERE, TWO = Where(), Where(jobs=2)


class Payload:
    """A seed and an array; opening it anywhere leaves a line in a file."""

    def __init__(self, seed: int, log: Path) -> None:
        self.seed, self.log, self.scale = seed, log, np.linspace(1, 2, 5)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        with self.log.open("a") as file:
            file.write(f"{os.getpid()}\n")

    def opened_by(self) -> list[int]:
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []


def draw(payload: Payload, first: int, n: int) -> npt.NDArray[np.float64]:
    """Draw k depends on the seed and k alone."""
    rows = [
        np.random.Generator(np.random.Philox(key=[payload.seed, k])).normal(size=5)
        for k in range(first, first + n)
    ]
    return np.array(rows) * payload.scale


def span(payload: object, first: int, n: int) -> tuple[object, int, int]:
    return payload, first, n


def slow(seconds: float, first: int, n: int) -> int:
    time.sleep(seconds)
    return first


def die_once(marker: Path, first: int, n: int) -> int:
    """The process that first does draw 4 dies of it."""
    if first == 4 and not marker.exists():
        marker.touch()
        os._exit(1)
    return first


def die(payload: object, first: int, n: int) -> int:
    if first == 4:
        os._exit(1)
    return first


def fail(error: Exception, first: int, n: int) -> int:
    if first == 2:
        raise error
    return first


def setting(name: str, first: int, n: int) -> str | None:
    return os.environ.get(name)


def say(done: int, total: int) -> None:
    sys.stdout.write(f"{done}\n")
    sys.stdout.flush()


def count_slowly() -> None:
    """What a test interrupts from outside, in a process of its own."""
    run(slow, 0.05, 10_000, TWO, chunk=1, progress=say)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A cluster of two processes."""
    with local_cluster(2, tmp_path_factory.mktemp("dask"), processes=True) as local:
        yield local


def local_cluster(workers: int, folder: Path, *, processes: bool) -> Any:
    import distributed

    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=processes, protocol="tcp://",
        host="127.0.0.1", dashboard_address="127.0.0.1:0", local_directory=str(folder),
    )  # fmt: skip


@pytest.fixture(params=["here", "processes", "cluster"])
def place(request: pytest.FixtureRequest) -> Where:
    if request.param == "cluster":
        return Where(cluster=request.getfixturevalue("dask").scheduler_address)
    return TWO if request.param == "processes" else HERE


@pytest.fixture
def elsewhere(dask: Any) -> Where:
    return Where(cluster=dask.scheduler_address)


@pytest.fixture
def payload(tmp_path: Path) -> Payload:
    return Payload(4711, tmp_path / "opened")


def soon(holds: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


# The same wherever it runs


def test_the_same_bits_wherever_draws_run(payload: Payload, place: Where) -> None:
    found = run(draw, payload, 50, place, chunk=7)
    assert [len(rows) for rows in found] == [7, 7, 7, 7, 7, 7, 7, 1]
    assert np.concatenate(found).tobytes() == draw(payload, 0, 50).tobytes()


def test_shares_do_not_depend_on_the_place(place: Where) -> None:
    expected = [("p", 0, 4), ("p", 4, 4), ("p", 8, 2)]
    assert run(span, "p", 10, place, chunk=4) == expected


@pytest.mark.parametrize("payload", [[1, 2], {"a": 1}, (), None, range(3)], ids=repr)
def test_a_payload_arrives_as_it_is(payload: object, place: Where) -> None:
    assert run(span, payload, 2, place, chunk=1) == [(payload, 0, 1), (payload, 1, 1)]


def test_nothing_to_do_needs_no_place() -> None:
    for where in (HERE, TWO, Where(cluster="tcp://127.0.0.1:9")):
        assert run(fail, ValueError(), 0, where, chunk=1) == []


def test_progress_rises_to_the_total(place: Where) -> None:
    seen: list[tuple[int, int]] = []
    run(span, None, 10, place, chunk=3, progress=lambda done, total: seen.append((done, total)))
    done = [d for d, _ in seen]
    assert done == sorted(set(done))
    assert len(seen) == 4
    assert seen[-1] == (10, 10)
    assert {total for _, total in seen} == {10}


def test_the_payload_is_opened_once_by_each_worker(payload: Payload, place: Where) -> None:
    run(draw, payload, 60, place, chunk=2)
    opened = payload.opened_by()
    assert len(opened) == len(set(opened))
    if place == HERE:
        assert opened == []
    else:
        assert 1 <= len(opened) <= 2
        assert os.getpid() not in opened


def test_workers_keep_to_one_thread() -> None:
    assert set(run(setting, "OMP_NUM_THREADS", 4, TWO, chunk=1)) == {"1"}


def test_processes_are_kept_for_the_next_run() -> None:
    run(span, 1, 4, TWO, chunk=1)
    [kept] = processes._idle.values()
    assert run(span, 2, 4, TWO, chunk=1)[3] == (2, 3, 1)
    assert processes._idle == {2: kept}
    run(span, 3, 2, Where(jobs=3), chunk=1)
    assert processes._idle == {2: kept}
    run(span, 4, 4, Where(jobs=3), chunk=1)
    assert list(processes._idle) == [3]


def test_nothing_heavy_is_imported_for_draws_that_run_here() -> None:
    code = (
        "import sys; from winset.compute import Where, run;"
        "run(lambda payload, first, n: first, None, 3, Where(), chunk=1);"
        "sys.exit(' '.join({'joblib', 'distributed', 'dask', 'numpy'} & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# What stops it


ERRORS = [
    CaseError([Fault("no such issue", "name one", key="issues.a", file="case.yaml", line=3, column=7)]),
    LimitExceeded("too large"),
    NotApplicable("not here"),
    OutOfRange("jobs", 3, 0, 1),
    UnknownName("party", "alfa", ("alpha", "beta")),
    ZeroDivisionError("division by zero"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_comes_out_as_it_was_raised(error: Exception, place: Where) -> None:
    with pytest.raises(type(error)) as caught:
        run(fail, error, 6, place, chunk=1)
    assert type(caught.value) is type(error)
    assert str(caught.value) == str(error)
    assert caught.value.args == error.args
    assert vars(caught.value) == vars(error)


def test_what_progress_raises_ends_the_run(place: Where, request: pytest.FixtureRequest) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(slow, 0.05, 2000, place, chunk=1, progress=stop)
    assert time.monotonic() - began < 30
    if place == TWO:
        assert processes._idle == {}
    if place.cluster:
        scheduler = request.getfixturevalue("dask").scheduler
        assert soon(lambda: not scheduler.tasks)


def session(leader: int) -> list[str]:
    """The living processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = stat.read_text().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        state, _, _, leading = fields.split()[:4]
        if int(leading) == leader and state != "Z":
            found.append(name)
    return found


@pytest.mark.parametrize("after", ["start", "progress"])
def test_ctrl_c_leaves_nothing_behind(after: str, tmp_path: Path) -> None:
    code = "import tests.test_compute as t; print(flush=True); t.count_slowly()"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hear_interrupts,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    if after == "progress":
        assert process.stdout.readline() == "1\n"
    else:
        # The payload is written, and the workers are still starting.
        assert soon(lambda: len(session(process.pid)) > 1)
    # As a terminal does it: to all processes at once.
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert errors.count("Traceback") == 1
    assert soon(lambda: session(process.pid) == []), session(process.pid)
    assert list(tmp_path.iterdir()) == []


def test_a_dead_process_has_its_share_done_again(tmp_path: Path) -> None:
    assert run(die_once, tmp_path / "died", 12, TWO, chunk=1) == list(range(12))
    assert (tmp_path / "died").exists()


def test_processes_that_die_every_time_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ATTEMPTS", 2)
    with pytest.raises(ComputeError, match=r"broke down 2 times, and draws \d to \d+ .* fewer jobs"):
        run(die, None, 6, TWO, chunk=2)


# What a cluster can lack


def refused(address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(ComputeError) as caught:
        run(span, None, 3, Where(cluster=address), chunk=1)
    return str(caught.value)


def test_a_cluster_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        deaf = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        assert f"no Dask scheduler answers at {deaf}; " in refused(deaf, monkeypatch)
    # Nobody listens there any more.
    assert f"no Dask scheduler answers at {deaf}; " in refused(deaf, monkeypatch)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("address", ["carrier://pigeon:1", "::::", "127.0.0.1"])
def test_an_address_that_is_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"answers at {address}; " in refused(address, monkeypatch)


def test_a_cluster_without_workers(elsewhere: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    # Waiting for them takes its time; that nothing else comes of it is what counts.
    monkeypatch.setattr(distributed.Client, "wait_for_workers", no_workers)
    with pytest.raises(ComputeError, match=f"no workers; start some with: dask worker {elsewhere.cluster}"):
        run(span, None, 3, elsewhere, chunk=1)


def no_workers(client: object, n_workers: int, timeout: float) -> None:
    raise TimeoutError


@pytest.mark.parametrize(
    ("winset", "python", "says"),
    [
        (
            "0.0.1",
            None,
            r"tcp://w:1 has winset 0\.0\.1, and here is winset {ours}; .*winset\[cluster\]=={ours}",
        ),
        (
            metadata.PackageNotFoundError("winset"),
            None,
            "tcp://w:1 has no winset, and here is winset {ours}; ",
        ),
        (None, "3.9.1", r"tcp://w:1 has Python 3\.9\.1, and here is Python 3\."),
    ],
)
def test_workers_unlike_this_process_are_refused(
    elsewhere: Where, monkeypatch: pytest.MonkeyPatch, winset: object, python: str | None, says: str
) -> None:
    """Before anything is sent: the work would fail in another way."""
    ours = metadata.version("winset")
    answers = {metadata.version: winset or ours, platform.python_version: python}
    monkeypatch.setattr(cluster, "_ask", lambda client, question, *words: {"tcp://w:1": answers[question]})
    with pytest.raises(ComputeError, match=says.format(ours=ours)):
        run(fail, ValueError(), 6, elsewhere, chunk=1)


def test_workers_are_asked_what_they_have(elsewhere: Where) -> None:
    import distributed

    with distributed.Client(elsewhere.cluster, set_as_default=False) as client:
        assert set(cluster._ask(client, metadata.version, "winset").values()) == {metadata.version("winset")}
        missing = cluster._ask(client, metadata.version, "winset-of-another-world")
    assert len(missing) == 2
    assert all(isinstance(answer, metadata.PackageNotFoundError) for answer in missing.values())


def test_distributed_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ComputeError, match=r'pip install "winset\[cluster\]"'):
        run(span, None, 3, Where(cluster="tcp://127.0.0.1:9"), chunk=1)


def test_a_lost_scheduler_is_said_without_noise(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 3)
    local = local_cluster(1, tmp_path, processes=False)

    def lose(done: int, total: int) -> None:
        local.close()

    with pytest.raises(ComputeError, match="no Dask scheduler answers"):
        run(slow, 0.1, 100, Where(cluster=local.scheduler_address), chunk=1, progress=lose)
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_dead_worker_of_a_cluster_has_its_share_done_again(elsewhere: Where, tmp_path: Path) -> None:
    assert run(die_once, tmp_path / "died", 12, elsewhere, chunk=1) == list(range(12))
    assert (tmp_path / "died").exists()


# What can be asked for


@pytest.mark.parametrize("jobs", [0, -1, MOST_JOBS + 1, 1.5, True])
def test_a_number_of_processes_that_cannot_be(jobs: Any) -> None:
    with pytest.raises(OutOfRange, match=rf"jobs is {jobs}; give a number from 1 to {MOST_JOBS}"):
        Where(jobs=jobs)


def test_a_cluster_wants_an_address_and_no_processes() -> None:
    for jobs, address in ((1, ""), (1, " "), (2, "tcp://127.0.0.1:8786")):
        with pytest.raises(ComputeError, match=r"give"):
            Where(jobs, address)


@pytest.mark.parametrize(("count", "chunk"), [(1, 0), (-1, 1), (1, 10**13)])
def test_numbers_of_draws_that_cannot_be(count: int, chunk: int) -> None:
    with pytest.raises(OutOfRange):
        run(span, None, count, chunk=chunk)


def test_time_left() -> None:
    assert remaining(0, 100, 3.0) is None
    assert remaining(25, 100, 3.0) == 9.0
    assert remaining(100, 100, 3.0) == 0.0


def test_compute_errors_are_errors_of_winset() -> None:
    assert issubclass(ComputeError, WinsetError)
