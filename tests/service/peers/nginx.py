"""A real nginx of a test's own, before a service."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import field, frozen

from tests.mosquitto import free_port, wait_listening

_REQUIRED = "IOTMOCK_REQUIRE_NGINX"
_CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_max_body_size 20m;
    client_body_temp_path {folder}/nginx-bodies;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    upstream iotmock {{ server 127.0.0.1:{upstream}; keepalive 8; }}
    server {{
        listen 127.0.0.1:{port};
        location /sim/ {{
            proxy_pass http://iotmock/;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            {extra}
        }}
    }}
}}
"""


def _program() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        reason = "nginx is not installed (Debian: nginx)"
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{reason}, and {_REQUIRED} is set")
        pytest.skip(reason)
    return found


@frozen
class Nginx:
    """It passes on what is below /sim/, over connections that it keeps."""

    folder: Path
    port: int = field(factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sim"

    @property
    def complaints(self) -> str:
        return (self.folder / "nginx-error.log").read_text()


@contextmanager
def running_nginx(folder: Path, upstream: int, extra: str = "") -> Iterator[Nginx]:
    """Run a proxy before a port; `extra` are more lines for the location."""
    nginx = Nginx(folder)
    text = _CONFIGURATION.format(folder=folder, port=nginx.port, upstream=upstream, extra=extra)
    (folder / "nginx.conf").write_text(text)
    command = [_program(), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_listening(nginx.port)
        yield nginx
    finally:
        process.kill()
        process.wait()
