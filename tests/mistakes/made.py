"""What stands in place of a file, by the words that the tables have for it."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import trustme

from iotmock.actors.ports.registry_file import Batch
from iotmock.storage import FaultLedger, Registry
from tests.mistakes.table import Places, at
from tests.storage.test_registry import record, write


@contextmanager
def made(files: Mapping[str, str], places: Places) -> Iterator[None]:
    """Have files in the working directory during the block; a text is one that says it."""
    with ExitStack() as stack:
        for name, what in files.items():
            held = MADE.get(what, _of_text(at(what, places)))(Path(name))
            if isinstance(held, Registry | FaultLedger):
                stack.callback(held.close)
        yield


def _of_text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE goods (name)")


def _in_use(path: Path) -> Registry:
    return Registry.open(str(path))


def _state(path: Path) -> None:
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record("a")]))
    file._db.close()


def _ledger(path: Path) -> None:
    _ledger_in_use(path).close()


def _ledger_in_use(path: Path) -> FaultLedger:
    return FaultLedger.open(str(path))


def _later(path: Path) -> None:
    _altered(path, "PRAGMA user_version = 99")


def _beyond(path: Path) -> None:
    _altered(path, "UPDATE devices SET base_power = -5")


def _altered(path: Path, statement: str) -> None:
    _state(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)


def _certificate(path: Path) -> None:
    made = trustme.CA().issue_cert("client.example")
    made.cert_chain_pems[0].write_to_path(path)


def _key(path: Path) -> None:
    trustme.CA().issue_cert("other.example").private_key_pem.write_to_path(path)


def _key_with_passphrase(path: Path) -> None:
    body = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
    path.write_text(f"-----BEGIN RSA PRIVATE KEY-----\n{body}AAAA\n-----END RSA PRIVATE KEY-----\n")


MADE: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a named pipe": os.mkfifo,
    "an empty file": Path.touch,
    "UTF-16": lambda path: path.write_text("PORT=8090\n", encoding="utf-16"),
    "a database of another program": _foreign,
    "a state file": _state,
    "a state file of a later release": _later,
    "a state file with a device of -5 kW": _beyond,
    "a state file in use": _in_use,
    "a fault ledger": _ledger,
    "a fault ledger in use": _ledger_in_use,
    "users, without a header": _of_text("meter-1,alice,hunter2\n"),
    "users, one of them twice": _of_text("device_id,username\nmeter-1,alice\nmeter-1,bob\n"),
    "a certificate": _certificate,
    "a key of another certificate": _key,
    "a key with a passphrase": _key_with_passphrase,
}
