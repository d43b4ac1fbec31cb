"""Starts the other processes of the demonstration and stops each by its own id."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from runtime.demo.trouble import Signals, Trouble

_PATIENCE = 30.0
_STOPPING = 15.0
_LOOK_EVERY = 0.02


def environment() -> dict[str, str]:
    """Ours without Bookrelay's own variables: they may name real books and real databases.

    The key stays, so that a later `serve` under the same environment can open the folder.
    """
    kept = "BOOKRELAY_SECRET_KEY"
    return {
        name: value
        for name, value in os.environ.items()
        if name == kept or not name.startswith("BOOKRELAY_")
    }


class Child:
    """A process of ours in a `with` block; its output goes to files in `folder`.

    It has a session of its own, so that Ctrl-C reaches this process alone, which then ends the
    others in order.
    """

    def __init__(self, name: str, command: Sequence[str], folder: Path, signals: Signals) -> None:
        self.name = name
        self._command = command
        self._signals = signals
        self._said = folder / f"{name}.out"
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Child:
        with self._signals.held(), self._said.open("wb") as said, self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=log,
                env=environment(),
                start_new_session=True,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        if process is None:
            return
        with self._signals.held():
            process.terminate()
            try:
                process.wait(timeout=_STOPPING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def first_line(self) -> str:
        """What the process says first, once it is ready. Raises Trouble."""
        wait_until(self._has_spoken, f"{self.name} did not start", checks=(self.check,))
        return self._said.read_text(encoding="utf-8").splitlines()[0]

    def check(self) -> None:
        """Raises Trouble when the process has ended."""
        if self._process is not None and self._process.poll() is not None:
            raise Trouble(
                f"{self.name} has ended by itself (exit {self._process.returncode}). "
                f"Its last words, from {self.log}:\n{self._last_words()}"
            )

    def _has_spoken(self) -> bool:
        return b"\n" in self._said.read_bytes()

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-8:])


def run(command: Sequence[str]) -> str:
    """Run one of our commands to its end; gives what it printed. Raises Trouble."""
    done = subprocess.run(  # noqa: S603 - our own program
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(f"`{' '.join(command[2:])}` failed:\n{done.stderr or done.stdout}".rstrip())
    return done.stdout


def wait_until(
    done: Callable[[], bool],
    complaint: str,
    *,
    checks: Sequence[Callable[[], None]] = (),
    seconds: float = _PATIENCE,
) -> None:
    """Return once `done`; Trouble with `complaint` after `seconds`, or what a check raises."""
    end = time.monotonic() + seconds
    while not done():
        for check in checks:
            check()
        if time.monotonic() > end:
            raise Trouble(f"{complaint} within {seconds:.0f} seconds.")
        time.sleep(_LOOK_EVERY)
