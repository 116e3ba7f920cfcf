"""Places that mistakes lead to: a port that is taken, or where something else answers."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Page(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(1_000)
        page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n"
        self.request.sendall(page + b"Connection: close\r\n\r\nhello")


@contextmanager
def page_server() -> Iterator[int]:
    """Serve one page of HTML, whatever is asked, and give the port; nothing more than that."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
