"""Builds the browser's libraries with the machine's Node, or with Node from its wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from stamps import Stamp, fingerprint

OLDEST_NODE = 20
INPUTS = ("package.json", "package-lock.json", "build.mjs", "src/**/*.mjs")
RESULTS = ("src/qingting/sites/assets/vendor", "src/policedesk/web/static/vendor")


def build(root: Path, *, install_node: Callable[[], Path]) -> None:
    """Make `RESULTS` unless they were made from these very inputs."""
    folder = root / "frontend"
    inputs = sorted(path for pattern in INPUTS for path in folder.glob(pattern))
    stamp = Stamp(folder / "node_modules" / "built.stamp", fingerprint(*(path.read_text() for path in inputs)))
    if stamp.fresh() and all((root / result).is_dir() for result in RESULTS):
        return
    print("· 构建前端 Building the front end", file=sys.stderr, flush=True)
    node, npm = machine_node() or wheel_node(install_node())
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in ([*npm, "ci", "--silent"], [node, "build.mjs"]):
        if subprocess.run(command, cwd=folder, env=environment, stdout=sys.stderr, check=False).returncode:
            sys.exit(
                "前端构建失败。The front end could not be built, see above.\n"
                "  → Check that this machine reaches its npm registry (npm config get registry), then again."
            )
    stamp.write()


def machine_node() -> tuple[str, list[str]] | None:
    """The machine's Node and npm, if they are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").split(".")[0]
    return (node, [npm]) if major.isdecimal() and int(major) >= OLDEST_NODE else None


def wheel_node(node: Path) -> tuple[str, list[str]]:
    """The wheel's Node, and its npm run by hand: the wheel's own npm script looks in the wrong place."""
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return str(node), [str(node), str(npm)]
