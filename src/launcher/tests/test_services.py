"""Whether a part is ready is its own matter."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from launcher.services import reports_well


@pytest.fixture
def health():
    """A health page that reports trouble with one part, as after a stop: its last sign of life is old."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"components": {"worker": {"ok": True}, "controller": {"ok": False}}}).encode()
            self.send_response(503)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_part_is_ready_though_another_is_not_well(health):
    assert reports_well(health, "worker")()
    assert not reports_well(health, "controller")()
    assert not reports_well(health, "nobody")()
