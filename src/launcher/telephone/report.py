"""What the launcher tells the platform about the telephone: `var/telephone/report.json`."""

from __future__ import annotations

import json
from pathlib import Path


def tell(var: Path, state: str, *, why: str = "", version: str = "") -> None:
    """state: FETCHING, RUNNING or UNAVAILABLE; why: for people, in Chinese. Replaced at once, never half written."""
    path = var / "telephone" / "report.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"state": state, "why": why, "version": version}, ensure_ascii=False), "utf-8")
    draft.replace(path)
