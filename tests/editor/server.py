"""A small client of yaml-language-server over its stdio protocol: what an editor asks of it."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

#: Seconds that any one answer may take; a loaded machine needs a few.
PATIENCE = 60.0
#: What an editor would have in its settings. Schemas come from the files' first lines alone.
SETTINGS = {
    "yaml": {
        "validate": True,
        "completion": True,
        "hover": True,
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
        "yamlVersion": "1.2",
    },
    "http": {"proxy": "", "proxyStrictSSL": True},
    "[yaml]": {"editor.tabSize": 2},
    "files": {"associations": {}},
}


class LanguageServer:
    """One server process; a context manager that ends it by its own id."""

    def __init__(self, program: Sequence[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            program,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._told: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self._greet(folder)

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait(timeout=PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def open(self, file: Path, text: str) -> list[dict[str, Any]]:
        """Open `file` with this content, which need not be saved; gives the diagnostics."""
        uri = file.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        for message in self._messages():
            found = message.get("params", {})
            if message.get("method") == _DIAGNOSTICS and found["uri"] == uri:
                diagnostics: list[dict[str, Any]] = found["diagnostics"]
                return diagnostics
        raise AssertionError(f"no diagnostics for {uri}")

    def complete(self, file: Path, line: int, column: int) -> list[dict[str, Any]]:
        """What is offered at a place; both counted from 0."""
        answer = self._ask("textDocument/completion", _at(file, line, column))
        items: list[dict[str, Any]] = answer["items"] if isinstance(answer, dict) else answer
        return items

    def hover(self, file: Path, line: int, column: int) -> str:
        """What is explained at a place, as Markdown."""
        answer = self._ask("textDocument/hover", _at(file, line, column))
        return str(answer["contents"]["value"]) if answer else ""

    def _greet(self, folder: Path) -> None:
        able = {
            "textDocument": {
                "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True},
        }
        hello = {"processId": None, "rootUri": folder.as_uri(), "capabilities": able}
        self._ask("initialize", hello)
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def _ask(self, method: str, params: object) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        for message in self._messages():
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
        raise AssertionError(f"no answer to {method}")

    def _notify(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _messages(self) -> Iterator[dict[str, Any]]:
        """What the server says, its own questions answered."""
        while True:
            message = self._told.get(timeout=PATIENCE)
            assert message is not None, "the language server ended"
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": _answer(message)})
            yield message

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for message in _framed(self._process.stdout):
            self._told.put(message)
        self._told.put(None)


_DIAGNOSTICS = "textDocument/publishDiagnostics"


def _answer(message: dict[str, Any]) -> object:
    """To what a server may ask of an editor: its settings; anything else is agreed to."""
    if message["method"] != "workspace/configuration":
        return None
    return [SETTINGS.get(item.get("section", "")) for item in message["params"]["items"]]


def _at(file: Path, line: int, column: int) -> dict[str, Any]:
    return {
        "textDocument": {"uri": file.as_uri()},
        "position": {"line": line, "character": column},
    }


def _framed(pipe: IO[bytes]) -> Iterator[dict[str, Any]]:
    while True:
        length = 0
        while line := pipe.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            return
        yield json.loads(pipe.read(length))
