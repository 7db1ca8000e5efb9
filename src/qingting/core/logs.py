"""Structured log lines: one JSON object a line, with what the programme says and never what a person said."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

# Addresses that carry a secret (a rating link, a safety plan, a letter's answer, a talk by text message): whoever reads the log must not be able to open them.
_SECRET_ADDRESS = re.compile(r"(/(?:r|p|letters|alerts|chat/w)/)[^\s/?]+")
# And what opens a softphone's socket or the sound of a recording, which a server may log with the address.
_SECRET_VALUE = re.compile(r"([?&](?:pass|listening)=)[^\s&\"]+")
reference: ContextVar[str] = ContextVar("reference", default="")  # of the request that is being answered


def without_secrets(text: str) -> str:
    """The text with secret addresses cut short."""
    return _SECRET_VALUE.sub(r"\1…", _SECRET_ADDRESS.sub(r"\1…", text))


class LineFormatter(logging.Formatter):
    """time, level, logger, message, the request's reference, and the type of an exception with its place; exception texts may quote data, so they stay out."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if reference.get():
            line["reference"] = reference.get()
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _places(trace: object) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code  # type: ignore[attr-defined]
        places.append(f"{code.co_filename.rsplit('/src/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")  # type: ignore[attr-defined]
        trace = trace.tb_next  # type: ignore[attr-defined]
    return places[-12:]
