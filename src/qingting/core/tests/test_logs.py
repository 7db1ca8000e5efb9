"""A line of the log says what the programme did, under which reference, and nothing that opens a door."""

import json
import logging

from django.http import HttpResponse
from django.test import RequestFactory

from qingting.core.logs import LineFormatter
from qingting.core.middleware import request_reference


def line(message: str) -> dict[str, object]:
    record = logging.LogRecord("qingting", logging.INFO, __file__, 1, message, None, None)
    told: dict[str, object] = json.loads(LineFormatter().format(record))
    return told


def test_what_is_logged_for_a_request_carries_the_reference_that_its_answer_names():
    said = []

    def view(request):
        said.append(line("looked"))
        return HttpResponse()

    answer = request_reference(view)(RequestFactory().get("/"))
    assert said[0]["reference"] == answer["X-Request-Reference"]
    assert "reference" not in line("afterwards")


def test_an_address_that_opens_something_is_cut_short():
    assert line("Not Found: /r/s3cret-Word")["message"] == "Not Found: /r/…"
    assert line("Not Found: /letters/WzE1XQ:s3cret-Sign")["message"] == "Not Found: /letters/…"
    opened = '127.0.0.1:55412 - "WebSocket /telephony/sip?pass=InZpc2l0:1xV5kK:6wasg8z5" [accepted]'
    assert line(opened)["message"] == '127.0.0.1:55412 - "WebSocket /telephony/sip?pass=…" [accepted]'
    assert line("Forbidden: /sound?part=1&listening=s3cret")["message"] == "Forbidden: /sound?part=1&listening=…"
