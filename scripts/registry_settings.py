"""Hands the machine's pip settings on to uv, which does not read them.

A machine behind a mirror or a company's proxy has it in pip's configuration; uv has to use the same registry.
Anything that `UV_…` variables say already is left alone.
"""

from __future__ import annotations

import os
import shlex
import subprocess

MEANING = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


def for_uv(pip: list[str]) -> dict[str, str]:
    """The environment to run uv in."""
    settings = {MEANING[name]: value for name, value in pip_settings(pip).items() if name in MEANING}
    ours = {
        # The machine's own certificates, not uv's: a company's proxy has its own authority.
        "UV_SYSTEM_CERTS": "1",
        # Hashes say what may be installed, so it does not matter which registry has it first.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    return {**ours, **settings, **os.environ}


def pip_settings(pip: list[str]) -> dict[str, str]:
    """pip's settings by their bare name; the environment's win over the user's, theirs over the machine's."""
    if not pip:
        return {}
    said = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    for line in sorted(said.splitlines(), reverse=True):
        name, _, value = line.partition("=")
        found[name.rpartition(".")[2]] = " ".join(shlex.split(value)).replace("\n", " ")
    return found
