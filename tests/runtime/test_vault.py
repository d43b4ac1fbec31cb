"""The vault: keys from file and environment, rotation, and what a lost key means."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import NeedsReconnect
from runtime.vault import BadKey, SecretUnreadable, Vault, load_keys

PHRASE = "correct horse battery staple"
KEYS = [Fernet.generate_key(), Fernet.generate_key()]


@given(st.text())
def test_what_is_sealed_opens_again(secret: str) -> None:
    vault = Vault(KEYS[:1])
    sealed = vault.seal(secret)
    assert vault.open(sealed) == secret
    assert vault.open(memoryview(sealed)) == secret  # type: ignore[arg-type]
    assert len(secret) < 4 or secret.encode() not in sealed


def test_rotation() -> None:
    old, new = KEYS
    sealed = Vault([old]).seal("RT1-abc")
    both = Vault([new, old])
    assert both.open(sealed) == "RT1-abc"
    assert Vault([new]).open(both.reseal(sealed)) == "RT1-abc"
    with pytest.raises(SecretUnreadable):
        Vault([old]).open(both.seal("x"))


@pytest.mark.parametrize("sealed", [b"", b"garbage", Vault(KEYS[:1]).seal("x")[:-3], b"\xff"])
def test_a_lost_key_is_a_sentence(sealed: bytes) -> None:
    vault = Vault(KEYS[1:])
    for attempt in (vault.open, vault.reseal):
        with pytest.raises(SecretUnreadable) as caught:
            attempt(sealed, "company/1/refresh_token")
        assert isinstance(caught.value, NeedsReconnect)
        assert "company/1/refresh_token" in caught.value.sentence
        assert "records in QuickBooks are unharmed" in caught.value.sentence
        assert "enter this secret again" in caught.value.fix


@pytest.mark.parametrize("keys", [[], [b"short"], [b"x" * 44]])
def test_no_vault_without_a_usable_key(keys: list[bytes]) -> None:
    with pytest.raises(BadKey):
        Vault(keys)


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    keys = load_keys(folder, {})
    assert load_keys(folder, {}) == keys
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600
    assert Vault(keys).open(Vault(keys).seal("x")) == "x"


def test_two_processes_at_once_end_with_one_key(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from runtime.vault import load_keys;"
        "sys.stdin.readline(); print(load_keys(Path(sys.argv[1]), {})[0].decode())"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            text=True,
        )
        for _ in range(2)
    ]
    for start in starts:
        assert start.stdin is not None
        start.stdin.write("go\n")
        start.stdin.flush()
    told = {start.communicate(timeout=60)[0].strip() for start in starts}
    assert told == {(tmp_path / "secret.key").read_text(encoding="utf-8")}


def test_keys_of_the_environment(tmp_path: Path) -> None:
    key = KEYS[0].decode()
    keys = load_keys(tmp_path, {"BOOKRELAY_SECRET_KEY": f"{PHRASE}, {key},"})
    assert keys[1] == KEYS[0]
    assert keys == load_keys(tmp_path, {"BOOKRELAY_SECRET_KEY": f"{PHRASE},{key}"})
    assert not (tmp_path / "secret.key").exists()
    assert len((tmp_path / "secret.salt").read_bytes()) == 16


def test_a_passphrase_gives_another_key_in_another_folder(tmp_path: Path) -> None:
    environment = {"BOOKRELAY_SECRET_KEY": PHRASE}
    assert load_keys(tmp_path / "a", environment) != load_keys(tmp_path / "b", environment)


def test_moving_from_the_file_to_the_environment_loses_nothing(tmp_path: Path) -> None:
    sealed = Vault(load_keys(tmp_path, {})).seal("kept")
    vault = Vault(load_keys(tmp_path, {"BOOKRELAY_SECRET_KEY": KEYS[0].decode()}))
    assert vault.open(sealed) == "kept"
    assert Vault(KEYS[:1]).open(vault.reseal(sealed)) == "kept"


@pytest.mark.parametrize(
    ("name", "content", "environment", "sentence"),
    [
        ("secret.key", b"", {}, "secret.key of the data folder is damaged"),
        ("secret.key", b"x" * 44, {}, "secret.key of the data folder is damaged"),
        ("secret.salt", b"12", {"BOOKRELAY_SECRET_KEY": PHRASE}, "secret.salt of the data"),
        ("other", b"", {"BOOKRELAY_SECRET_KEY": "too short"}, "only 9 characters"),
    ],
)
def test_a_bad_key_is_a_sentence(
    tmp_path: Path, name: str, content: bytes, environment: dict[str, str], sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadKey) as caught:
        load_keys(tmp_path, environment)
    assert sentence in caught.value.sentence
    assert caught.value.fix
    assert (tmp_path / name).read_bytes() == content


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BadKey, match="cannot be used"):
        load_keys(tmp_path / "file", {})
