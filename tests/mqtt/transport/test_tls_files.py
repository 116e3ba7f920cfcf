"""Files of certificates and keys that can not be used: an error at once, never a question."""

import os
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from iotmock.mqtt import Tls


def test_an_encrypted_key_asks_nobody_for_its_passphrase(tmp_path: Path) -> None:
    made = trustme.CA().issue_cert("client.example")
    key = load_pem_private_key(made.private_key_pem.bytes(), None)
    encrypted = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hunter2")
    )
    (tmp_path / "key").write_bytes(encrypted)
    made.cert_chain_pems[0].write_to_path(tmp_path / "cert")
    with pytest.raises(OSError, match="the key is encrypted"):
        Tls(None, str(tmp_path / "cert"), str(tmp_path / "key")).context()


def test_a_pipe_or_a_huge_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(OSError, match="no folder and no pipe"):
        Tls(str(tmp_path / "pipe")).context()
    with pytest.raises(OSError, match="File too large"):
        Tls(str(tmp_path / "huge")).context()
