"""The authority behind HTTP, one query at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

LARGEST_QUERY = 65536
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


@contextmanager
def serving(answer: Callable[[bytes], bytes], *, port: int = 0) -> Iterator[str]:
    """Serve `answer` on a loopback port (0: any free one); yield the address."""

    class Handler(BaseHTTPRequestHandler):
        """Takes a query, gives the answer."""

        def do_POST(self) -> None:
            """Answer a query; anything else is a bad request."""
            length = int(self.headers.get("Content-Length", 0))
            if self.headers.get_content_type() != QUERY or not 0 < length <= LARGEST_QUERY:
                self.send_error(400)
                return
            body = answer(self.rfile.read(length))
            self.send_response(200)
            self.send_header("Content-Type", REPLY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", port), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
