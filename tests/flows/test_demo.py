"""`bookrelay demo` as a user runs it: another process, its printed books, how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template

import pytest

from runtime.demo.processes import environment
from runtime.setup import read_setup

pytestmark = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="looks for processes in /proc"
)

APP = Path(__file__).parents[2] / "app.py"

EXPECTED = """\
Delivered: 30 messages from 2026-11-02 to 2026-11-07
26 stored
2 duplicate
1 ignored
1 lost
Customers: 11 new, 2 found in the books
Dana Whitfield, Pat Kim (by e-mail address)
Paid invoices: 13
1033 Emil Hartwell Residential Cleaning 95.00, Tips Payable 10.00 105.00 0.00
1034 Caleb Thornbury Plumbing Revenue 475.00 0.00
1035 Mira Castell Product Revenue 51.94 0.00
1036 Priya Dalal Residential Cleaning 300.00, Discounts Given -30.00 270.00 0.00
1042 Dana Whitfield Residential Cleaning 475.00 0.00
1043 Zoe Abernath Water Heater Revenue 760.00 0.00
Open invoices: none
E-301 Jonah Pruitt invoiced 320.00
Estimates: 3, of which 2490.00 is still open
Skipped: 8
job.closed 872, Nadia Ferrow
Discounts Given -30.00
Plumbing Revenue 1,200.00
Product Revenue 73.50
Recurring Service Revenue 29.00
Residential Cleaning 1,410.00
Water Heater Revenue 760.00
Total 3,442.50
Not income: Tips Payable 10.00
Held for a person: 1
No row of the account mapping fits a line with service_type gutter_cleaning"""


def command(*words: str) -> list[str]:
    return [sys.executable, str(APP), *words]


def demo(data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("demo", "--data", str(data)), capture_output=True, text=True, timeout=60
    )


@contextmanager
def started(stderr: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command at work; ended with its children if a test fails half-way."""
    with subprocess.Popen(
        command(*words), stdout=subprocess.PIPE, stderr=stderr, text=True
    ) as running:
        try:
            yield running
        finally:
            running.terminate()


def left_over(data: Path) -> list[str]:
    """Command lines of processes that work on `data`."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found += [line] if str(data) in line else []
    return found


def test_the_week_is_booked_once_to_the_cent_and_told(tmp_path: Path) -> None:
    data = tmp_path / "demo"

    done = demo(data)

    assert done.returncode == 0, done.stdout + done.stderr
    printed = re.sub(r" +", " ", done.stdout)
    missing = [line for line in EXPECTED.splitlines() if line not in printed]
    assert not missing, done.stdout
    assert "Checked against the events: 13 invoices, 14 payments, 3 estimates" in printed
    assert f"setup {data / 'setup.yaml'} --data {data}" in done.stdout
    assert [
        line for line in done.stdout.splitlines() if len(line) > 100 and str(data) not in line
    ] == []
    assert not left_over(data)
    assert "secret" not in done.stdout + done.stderr


def test_a_setup_file_that_is_learned_from_is_valid_also_when_its_row_is_uncommented(
    tmp_path: Path,
) -> None:
    text = Template((APP.parent / "runtime/demo/setup.yaml").read_text()).safe_substitute(
        realm="9341455600000001",
        crm_url="http://127.0.0.1:1",
        api="http://127.0.0.1:1",
        token="http://127.0.0.1:1/token",
    )
    row = text.replace("    # - match:", "    - match:").replace(
        "    #   income_account", "      income_account"
    )

    for written, rows in ((text, 5), (row, 6)):
        plan, problems = read_setup(written, "setup.yaml")
        assert plan is not None, problems
        assert len(plan.companies[0].given["account_mapping"]) == rows


def test_interrupted_it_leaves_no_process_behind(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with started(subprocess.PIPE, "demo", "--data", str(data)) as running:
        assert running.stderr is not None
        next(line for line in running.stderr if "contact.created" in line)
        at_work = left_over(data)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)

    assert len(at_work) == 3
    assert running.returncode == 1
    assert "Interrupted. Everything that the demo started is stopped." in said
    assert not left_over(data)


def test_with_serve_it_stays_up_until_interrupted(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with started(subprocess.DEVNULL, "demo", "--serve", "--data", str(data)) as running:
        assert running.stdout is not None
        next(line for line in running.stdout if line.startswith("Both stay up."))
        busy = demo(data)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=30)

    assert running.returncode == 0
    assert busy.returncode == 1
    assert f"Another demo is running in {data}." in busy.stderr
    assert not left_over(data)


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [("mine", "was not made by the demo, so it is left alone"), ("/proc", "cannot be used")],
)
def test_only_its_own_folder_is_wiped(tmp_path: Path, folder: str, sentence: str) -> None:
    data = tmp_path / folder / "books"
    if data.parts[1] != "proc":
        data.mkdir(parents=True)
        (data / "precious").write_text("kept")

    done = demo(data)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert not (data.exists() and not (data / "precious").exists())


def test_real_books_named_in_the_environment_are_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOKRELAY_DATABASE_URL", "postgresql://real")
    monkeypatch.setenv("BOOKRELAY_SECRET_KEY", "kept")

    assert "BOOKRELAY_DATABASE_URL" not in environment()
    assert environment()["BOOKRELAY_SECRET_KEY"] == "kept"
    assert environment()["PATH"] == os.environ["PATH"]
