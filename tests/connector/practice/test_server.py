"""Starting, stopping, and what is kept over a restart."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.practice.seed import empty
from connector.practice.server import Running
from connector.practice.shelf import FolderRefused
from connector.practice.switches import changed
from tests.answers import start

_R1 = "9341455600000001"
_COMMAND = (
    "import pathlib, sys; from connector.practice.server import run;"
    "run(0, pathlib.Path(sys.argv[1]), sys.stdout)"
)


def _post(running: Running, path: str, body: Any, **params: str) -> Any:
    bearer = f"Bearer {running.access_token()}"
    headers = {"Accept": "application/json", "Authorization": bearer}
    url = f"{running.api}/v3/company/{_R1}/{path}"
    return requests.post(url, json=body, params=params, headers=headers, timeout=20)


def test_it_says_where_it_is() -> None:
    with start() as running:
        told = json.loads(running.described())
        assert told["api"] == f"http://127.0.0.1:{running.port}"
        assert told["control"] == running.control
        assert [one["realm_id"] for one in told["companies"]] == [_R1, "9341455600000002"]
        assert told["companies"][0]["name"] == "Sparrow Home Services LLC"
        form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
        auth = (told["client_id"], told["client_secret"])
        answer = requests.post(told["token"], data=form, auth=auth, timeout=20).json()
        for company in told["companies"]:
            url = f"{told['api']}/v3/company/{company['realm_id']}/preferences"
            headers = {"Authorization": f"Bearer {answer['access_token']}"}
            assert requests.get(url, headers=headers, timeout=20).status_code == 200


def test_an_empty_start() -> None:
    with start(seed=empty) as running:
        books = requests.get(f"{running.control}/books/{_R1}", timeout=20).json()
        assert not any(books["records"].values())


def test_a_restart_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    with start(data=folder) as running:
        first = _post(running, "customer", {"DisplayName": "Kept"}, requestid="k")
        running.state.clock.advance(3600)
        token = running.refresh_token
    with start(data=folder) as running:
        again = _post(running, "customer", {"DisplayName": "Kept"}, requestid="k")
        assert again.text == first.text
        assert _post(running, "customer", {"DisplayName": "kept"}).status_code == 400
        assert _post(running, "customer", {"DisplayName": "New"}).json()["Customer"]["Id"] == "17"
        assert running.state.tokens.refresh(token, running.state.switches)
    names = sorted(file.name for file in folder.iterdir())
    kept = ["9341455600000001.sqlite", "9341455600000002.sqlite", "login.json"]
    assert [name for name in names if name != "practice.lock"] == kept


def test_a_killed_process_has_kept_what_it_answered(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _COMMAND, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
        auth = (told["client_id"], told["client_secret"])
        requests.post(f"{told['control']}/switches", json={"rotation": "every"}, timeout=20)
        tokens = requests.post(told["token"], data=form, auth=auth, timeout=20).json()
        url = f"{told['api']}/v3/company/{_R1}/customer"
        bearer = f"Bearer {tokens['access_token']}"
        headers = {"Accept": "application/json", "Authorization": bearer}
        made = requests.post(url, json={"DisplayName": "Kept"}, headers=headers, timeout=20)
        process.kill()
    with start(data=tmp_path) as running:
        kept = running.state.companies[_R1].find("Customer", made.json()["Customer"]["Id"])
        assert kept is not None
        assert running.state.switches.rotation == "every"
        assert running.state.tokens.refresh(tokens["refresh_token"], running.state.switches)


def test_stopping_does_not_wait_for_idle_clients() -> None:
    with requests.Session() as session:
        with start() as running:
            assert session.get(running.api, timeout=20).status_code == 200
            began = time.monotonic()
        assert time.monotonic() - began < 5


def test_the_command_prints_its_line_and_ends_on_sigterm(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _COMMAND, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert requests.get(told["api"], timeout=20).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert (tmp_path / "login.json").exists()


def test_a_subscription_and_counted_reads_outlive_a_restart(tmp_path: Path) -> None:
    wanted = {"url": "http://127.0.0.1:9/hooks", "verifier": "v", "entities": ["Invoice"]}
    with start(data=tmp_path) as running:
        requests.put(f"{running.control}/webhooks", json=wanted, timeout=20)
        headers = {"Authorization": f"Bearer {running.access_token()}"}
        url = f"{running.api}/v3/company/{_R1}/preferences"
        assert requests.get(url, headers=headers, timeout=20).status_code == 200
        told = requests.get(f"{running.control}/webhooks", timeout=20).json()
        counted = running.state.metering.told()
    with start(data=tmp_path) as running:
        assert requests.get(f"{running.control}/webhooks", timeout=20).json() == told
        assert [list(month.values()) for month in counted.values()] == [[1]]
        assert running.state.metering.told() == counted


def test_one_process_uses_a_folder_at_a_time(tmp_path: Path) -> None:
    with start(data=tmp_path), pytest.raises(FolderRefused, match="Another practice company uses"):
        start(data=tmp_path)
    with start(data=tmp_path) as running:
        assert running.state.companies


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"no database at all, but long enough to be taken for one " * 20, "is no SQLite file."),
        (None, "was written by another version of the practice company."),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, file: bytes | None, sentence: str) -> None:
    path = tmp_path / f"{_R1}.sqlite"
    if file is None:
        with sqlite3.connect(path) as made:
            made.execute("CREATE TABLE posting (entity TEXT)")
        made.close()
    else:
        path.write_bytes(file)
    with pytest.raises(FolderRefused, match=sentence) as refused:
        start(data=tmp_path)
    assert str(path) in str(refused.value)
    assert f"Move the folder {tmp_path} away to start anew." in str(refused.value)


def test_a_switch_that_is_no_longer_there_is_passed_over(tmp_path: Path) -> None:
    with start(data=tmp_path) as running:
        running.state.switch(changed(running.state.switches, {"tax_rate": "7"}))
    file = tmp_path / "login.json"
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "switches": {**kept["switches"], "gone": True}}))
    with start(data=tmp_path) as running:
        assert running.state.switches.tax_rate == "7"


@pytest.mark.parametrize("kept", ["{", "[]", "{}", '{"clock": 1}'])
def test_a_login_that_cannot_be_read(tmp_path: Path, kept: str) -> None:
    with start(data=tmp_path) as running:
        assert running.state.companies
    (tmp_path / "login.json").write_text(kept)
    with pytest.raises(FolderRefused, match=r"login.json cannot be read\. Delete it"):
        start(data=tmp_path)
    (tmp_path / "login.json").unlink()
    with start(data=tmp_path) as running:
        assert running.state.companies
