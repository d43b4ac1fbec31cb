"""The processes of a benchmark: the stub, the contestants, the senders, and what they use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from tests.benchmarks.workload import SECRET

ROOT = Path(__file__).parents[2]
REALM = "9341455600000001"
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Process:
    """A Python process with its output in a file; ended by its own id."""

    def __init__(self, arguments: Sequence[str], errors: Path, **more: Any) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BOOKRELAY_")}
        self.errors = errors
        self._file = errors.open("w")
        self.popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._file,
            text=True,
            **more,
        )

    def line(self) -> str:
        """The next line it prints; RuntimeError when it ended instead."""
        assert self.popen.stdout is not None
        text = self.popen.stdout.readline().strip()
        if not text:
            raise RuntimeError(f"it ended without a word: {self.errors.read_text()[-2000:]}")
        return text

    def say(self, text: str = "") -> None:
        """Write a line to its stdin."""
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{text}\n")
        self.popen.stdin.flush()

    def cpu(self) -> float:
        """Seconds of user and system time so far."""
        fields = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Resident memory in megabytes (10^6 bytes)."""
        pages = int(Path(f"/proc/{self.popen.pid}/statm").read_text().split()[1])
        return pages * _PAGE / 1e6

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.popen.terminate()
        self.popen.wait(timeout=120)
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                pipe.close()
        self._file.close()


class Stub(Process):
    """The stub QuickBooks."""

    def __init__(self, folder: Path, last: int = 100) -> None:
        """`last`: the id before the first one it gives."""
        super().__init__(["-m", "tests.benchmarks.stub", str(last)], folder / "stub.log")
        self.port = int(self.line())
        self.base = f"http://127.0.0.1:{self.port}"
        self.api = f"{self.base}/v3/company/{REALM}"
        self._session = requests.Session()

    def ask(self, path: str) -> dict[str, Any]:
        """One of its own pages: stats, count, reset."""
        answer: dict[str, Any] = self._session.get(f"{self.base}/{path}", timeout=30).json()
        return answer

    def wait_for(self, payments: int, patience: float) -> bool:
        """Wait until so many payments have arrived; False when nothing came for `patience` s."""
        seen, since = -1, time.monotonic()
        while True:
            count = self.ask("count")["payments"]
            if count >= payments:
                return True
            if count != seen:
                seen, since = count, time.monotonic()
            elif time.monotonic() - since > patience:
                return False
            time.sleep(0.05)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._session.close()
        super().__exit__(kind, error, at)


class Naive(Process):
    """Contestant (b)."""

    def __init__(self, stub: Stub, folder: Path) -> None:
        script = str(Path(__file__).with_name("naive.py"))
        super().__init__([script, stub.api, SECRET], folder / "naive.log")
        self.hook = f"http://127.0.0.1:{self.line()}/hooks/leadexploder"


class Bookrelay(Process):
    """Contestant (c): `python app.py serve` on a data folder that `setup` has prepared."""

    def __init__(self, data: Path, wrapper: Sequence[str] = ()) -> None:
        self.data = data
        arguments = [*wrapper, "app.py", "serve", "--port", "0", "--data", str(data)]
        super().__init__(arguments, data.with_suffix(".log"))
        self.url = self.line().rpartition(" ")[2]
        self.hook = f"{self.url}/hooks/leadexploder"

    def complaints(self) -> list[str]:
        """What it logged; a benchmark expects nothing."""
        return self.errors.read_text().splitlines()


def set_up(data: Path, stub: Stub) -> None:
    """Configure a data folder by `setup`, as a user would."""
    data.mkdir(parents=True, exist_ok=True)
    file = data.with_suffix(".yaml")
    file.write_text(json.dumps(_setup(stub)))  # JSON is YAML
    command = [sys.executable, "app.py", "setup", str(file), "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"setup failed: {done.stderr}")


def _setup(stub: Stub) -> dict[str, Any]:
    quickbooks = {
        "environment": "practice",
        "client_id": "stub",
        "client_secret": "stub-client-secret",
        "refresh_token": "stub-refresh-0",
        "realm_id": REALM,
        "api_base": stub.base,
        "token_url": f"{stub.base}/oauth2/v1/tokens/bearer",
        "limits": "off",
    }
    mapping = [
        {
            "match": {"service_type": "residential_cleaning"},
            "income_account": "Residential Cleaning",
        }
    ]
    company = {
        "name": "Sparrow Home Services LLC",
        "time_zone": "America/Boise",
        "quickbooks": quickbooks,
        "account_mapping": mapping,
        "go_live": "yes",
    }
    return {"connections": {"leadexploder": {"webhook_secret": SECRET}}, "company": company}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What the senders of a round saw."""

    #: Seconds since 1970.
    began: float
    ended: float
    #: Seconds that each acknowledgement took.
    took: tuple[float, ...]
    refused: int


def push(hook: str, tag: str, count: int, senders: int, folder: Path) -> Pushed:
    """Send a round of `count` events from `senders` processes that begin together."""
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(
                Process(
                    ["-m", "tests.benchmarks.sender", hook, tag, str(count), str(n), str(senders)],
                    folder / f"sender-{n}.log",
                )
            )
            for n in range(senders)
        ]
        for sender in crowd:
            sender.line()
        for sender in crowd:
            sender.say()
        told = [json.loads(sender.line()) for sender in crowd]
    return Pushed(
        began=min(each["began"] for each in told),
        ended=max(each["ended"] for each in told),
        took=tuple(one for each in told for one in each["took"]),
        refused=sum(each["refused"] for each in told),
    )
