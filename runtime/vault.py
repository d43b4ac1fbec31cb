"""Keeps secrets sealed at rest: the key, where it comes from, and what to do when it is lost."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from connector.errors import NeedsReconnect
from runtime.atomic import locked, write_whole

VARIABLE = "BOOKRELAY_SECRET_KEY"
KEY_FILE = "secret.key"
SALT_FILE = "secret.salt"

#: A passphrase shorter than this can be guessed from a stolen database.
SHORTEST_PASSPHRASE = 16


class BadKey(Exception):
    """A key that cannot be used; nothing was sealed or opened with it."""

    def __init__(self, sentence: str, *, fix: str) -> None:
        super().__init__(f"{sentence} {fix}")
        self.sentence = sentence
        self.fix = fix


class SecretUnreadable(NeedsReconnect):
    """A sealed secret that none of the keys in use opens."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The secret {name} was sealed with a key that is not in use any more, so it cannot"
            " be opened; settings, recipes, events and records in QuickBooks are unharmed.",
            fix=f"Put the old key back ({VARIABLE} or the file {KEY_FILE} of the data folder), or"
            " enter this secret again; runs that need it wait until then.",
        )
        self.name = name


class Vault:
    """Seals secrets with the first key and opens them with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """`keys` are Fernet keys, as `load_keys` gives them. Raises BadKey."""
        if not keys:
            raise BadKey("There is no key to seal secrets with.", fix=f"Set {VARIABLE}.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except (ValueError, binascii.Error) as error:
            raise BadKey("A key for secrets is not a Fernet key.", fix=_MAKE_ONE) from error

    def seal(self, secret: str) -> bytes:
        """What may be stored in place of `secret`."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes, name: str = "of this connection") -> str:
        """The secret behind `sealed`; `name` is for the message of SecretUnreadable."""
        try:
            return self._fernet.decrypt(bytes(sealed)).decode()
        except (InvalidToken, UnicodeDecodeError) as error:
            raise SecretUnreadable(name) from error

    def reseal(self, sealed: bytes, name: str = "of this connection") -> bytes:
        """The same secret under the first key, so that older keys can be taken away."""
        try:
            return self._fernet.rotate(bytes(sealed))
        except InvalidToken as error:
            raise SecretUnreadable(name) from error


def load_keys(folder: Path, environment: Mapping[str, str]) -> list[bytes]:
    """The keys in use, the sealing one first.

    BOOKRELAY_SECRET_KEY holds Fernet keys or passphrases, separated by commas. Without it the key
    file of `folder` is used, and made at the first start; once there, it stays among the keys, so
    that moving to the variable loses nothing. Raises BadKey.
    """
    given = [part.strip() for part in environment.get(VARIABLE, "").split(",")]
    keys = [_key(part, folder) for part in given if part]
    path = folder / KEY_FILE
    if not keys or path.exists():
        keys.append(_file_key(path))
    return list(dict.fromkeys(keys))


def _key(text: str, folder: Path) -> bytes:
    if _is_fernet(text.encode()):
        return text.encode()
    if len(text) < SHORTEST_PASSPHRASE:
        raise BadKey(
            f"A key in {VARIABLE} has only {len(text)} characters (a comma separates keys).",
            fix=f"Use a passphrase of at least {SHORTEST_PASSPHRASE} characters, or a Fernet key.",
        )
    salt = _kept(folder / SALT_FILE, os.urandom(16))
    if len(salt) != 16:
        raise _broken(folder / SALT_FILE)
    derived = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(text.encode())
    return base64.urlsafe_b64encode(derived)


def _file_key(path: Path) -> bytes:
    key = _kept(path, Fernet.generate_key()).strip()
    if not _is_fernet(key):
        raise _broken(path)
    return key


def _kept(path: Path, fresh: bytes) -> bytes:
    """The file's bytes; `fresh` once for all processes where there is no file yet."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(path.with_name("secret.lock")):
                if not path.exists():
                    write_whole(path, fresh, mode=0o600)
        return path.read_bytes()
    except OSError as error:
        raise BadKey(
            f"The file {path.name} of the data folder cannot be used: {error.strerror}.",
            fix="Let this user read and write the data folder.",
        ) from error


def _is_fernet(key: bytes) -> bool:
    try:
        Fernet(key)
    except (ValueError, binascii.Error):
        return False
    return True


def _broken(path: Path) -> BadKey:
    return BadKey(
        f"The file {path.name} of the data folder is damaged, so no secret can be opened;"
        " settings, recipes, events and records in QuickBooks are unharmed.",
        fix="Put it back from a backup, or move it away and enter the secrets again.",
    )


_MAKE_ONE = "Use a passphrase of at least 16 characters, or a key that Bookrelay made itself."
