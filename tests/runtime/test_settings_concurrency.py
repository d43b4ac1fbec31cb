"""Settings changed by many at once: no edit is lost and no number is given twice."""

import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from runtime.settings import SettingsStore


def add(key: str) -> Any:
    def edit(body: dict[str, Any]) -> dict[str, Any]:
        body.setdefault("connections", {})[key] = {"connector": "webhook"}
        return body

    return edit


def test_threads_lose_nothing(tmp_path: Path) -> None:
    stores = [SettingsStore(tmp_path) for _ in range(2)]
    recorded: list[int] = []

    def work(worker: int) -> None:
        store = stores[worker % 2]
        for number in range(20):
            before = store.current().revision
            key = f"w{worker}-{number}"
            after = store.change(add(key), lambda revision, _: recorded.append(revision))
            assert after.revision > before
            assert key in store.current().connections

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    settings = SettingsStore(tmp_path).current()
    assert sorted(settings.connections) == sorted(
        f"w{worker}-{number}" for worker in range(8) for number in range(20)
    )
    assert recorded == list(range(1, 161))
    assert settings.revision == 160


WORKER = """
    import sys
    from pathlib import Path
    from runtime.settings import SettingsStore

    folder, worker = Path(sys.argv[1]), sys.argv[2]
    store = SettingsStore(folder)
    sys.stdin.readline()

    def add(body, key):
        body.setdefault("connections", {})[key] = {"connector": "webhook"}
        return body

    def record(revision, body):
        with open(folder / "revisions.txt", "a") as log:
            log.write(f"{revision}\\n")

    for number in range(15):
        store.change(lambda body: add(body, f"p{worker}-{number}"), record)
"""


def test_processes_lose_nothing(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WORKER), str(tmp_path), str(number)],
            stdin=subprocess.PIPE,
            cwd=root,
            text=True,
        )
        for number in range(3)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate(timeout=60)
        assert worker.returncode == 0
    settings = SettingsStore(tmp_path).current()
    assert len(settings.connections) == 45
    assert settings.revision == 45
    told = [int(line) for line in (tmp_path / "revisions.txt").read_text().split()]
    assert told == list(range(1, 46))
