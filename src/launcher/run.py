"""`make run`: the whole platform on this machine, until Ctrl-C.

    database → its tables and roles → demo data, once → the reference desk of the 110 → web → worker
    → the telephone (Asterisk, fetched on the first start while the pages are up already) → its controller

With `DATABASE_URL` the database is somebody else's and only the rest is started.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from launcher import desk, places, state
from launcher.errors import LaunchError
from launcher.locks import BusyError
from launcher.postgres import Cluster, platform_cluster
from launcher.services import Service, Task, accepts_connections, answers_http, reports_well
from launcher.supervisor import Supervisor
from launcher.telephone import service as telephone
from launcher.telephone.configuration import ARI, SIP, ports_from_environment

HTTP = "QINGTING_HTTP_PORT"
DESK = "QINGTING_DESK_PORT"
WEB_PROCESSES = "QINGTING_WEB_PROCESSES"


def main() -> None:
    """Raises `LaunchError` where it cannot start."""
    var = places.var_folder()
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    ports = chosen_ports()
    with only_one(var):
        places.require_free(ports.http_port, HTTP, "网页 web")
        places.require_free(ports.desk_port, DESK, "110 接警台 desk")
        with database(var) as (foundations, url):
            plans = [*foundations, *services(var, ports, url)]
            supervisor = Supervisor(plans, log_folder=var / "log", screen=bool(os.environ.get("QINGTING_VERBOSE")))
            supervisor.on_change = lambda pids, ready: state.write(var, state.with_pids(ports, pids, ready=ready))
            supervisor.run(lambda: announce(ports, environment(var, ports, url), var))
    print("· 已全部停止。Everything is stopped.", flush=True)


def chosen_ports() -> state.State:
    """Raises `LaunchError` for what is no port."""
    calls = ports_from_environment()
    http, desk_port = places.port_from(HTTP, 8000), places.port_from(DESK, 8110)
    return state.State(http, desk_port, mode(), calls.sip, calls.ari, os.getpid())


def mode() -> str:
    return os.environ.get("QINGTING_MODE") or "demo"


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Raise `LaunchError` where a platform runs in this folder already."""
    try:
        with state.lock(var).exclusive(wait=False):
            yield
    except BusyError as error:
        running = state.read(var)
        where = f" http://127.0.0.1:{running.http_port} (pid {running.pid})" if running else ""
        raise LaunchError(
            f"青听已在此文件夹运行。Qingting runs in {var} already:{where}",
            do_next="Use that one, stop it with Ctrl-C where it runs, or set QINGTING_VAR to another folder.",
        ) from error


@contextmanager
def database(var: Path) -> Iterator[tuple[list[Service], str]]:
    """The services that make the database, and its URL."""
    if given := os.environ.get("DATABASE_URL"):
        require_reachable(given)
        yield [], given
        return
    cluster = platform_cluster(var)
    with cluster.reserved():
        yield [database_service(cluster)], cluster.url


def database_service(cluster: Cluster) -> Service:
    return Service(
        name="database",
        command=cluster.command,
        environment=cluster.environment,
        identity=cluster.account.identity,
        ready=cluster.answers,
        clear=cluster.forget_stale_pid,
        stop_signal=signal.SIGINT,
        foundation=True,
        stop_seconds=60,
    )


def require_reachable(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname and not accepts_connections(parts.hostname, parts.port or 5432):
        raise LaunchError(
            f"无法连接数据库。No database answers at {parts.hostname}:{parts.port or 5432} (DATABASE_URL).",
            do_next="Start it, correct DATABASE_URL, or leave DATABASE_URL out to use the platform's own.",
        )


def services(var: Path, ports: state.State, url: str) -> list[Service | Task]:
    """Everything above the database, in the order in which it starts."""
    ours = environment(var, ports, url)
    return [
        Task("prepare", qingting("prepare-database"), ours),
        Task("demo-data", qingting("demo-data", "--once"), ours),
        desk.service(
            var,
            http_port=ports.http_port,
            desk_port=ports.desk_port,
            telephone=telephone.websocket(ports.ari_port),
        ),
        *web(ports, ours),
        Service("worker", qingting("serve-worker"), ours, ready=reports_well(ports.http_port, "worker")),
        *telephone.services(ours, controller=qingting("run-controller")),
    ]


def web(ports: state.State, ours: dict[str, str]) -> list[Service]:
    """Equal processes on one port: when one ends, the others answer until it is back."""
    command, ready = qingting("serve-web", "--port", str(ports.http_port)), answers_http(ports.http_port, "/healthz")
    return [Service(f"web-{n}", command, ours, ready=ready) for n in range(1, web_processes() + 1)]


def web_processes() -> int:
    """Two unless `QINGTING_WEB_PROCESSES` says otherwise. Raises `LaunchError` for anything but 1 to 64."""
    given = os.environ.get(WEB_PROCESSES) or "2"
    if given.isdecimal() and 1 <= int(given) <= 64:
        return int(given)
    raise LaunchError(
        f"{WEB_PROCESSES} 应为 1 到 64。{WEB_PROCESSES} is {given!r}; it must be a number from 1 to 64.",
        do_next=f"Correct it, or leave {WEB_PROCESSES} out.",
    )


def environment(var: Path, ports: state.State, url: str) -> dict[str, str]:
    """What the platform's processes are told."""
    return {
        "QINGTING_DESK_ID": desk.PLATFORM,
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "QINGTING_VAR": str(var),
        "QINGTING_MODE": ports.mode,
        HTTP: str(ports.http_port),
        DESK: str(ports.desk_port),
        SIP: str(ports.sip_port),
        ARI: str(ports.ari_port),
        "DATABASE_URL": url,
    }


def qingting(*words: str) -> list[str]:
    return [sys.executable, "-m", "qingting", *words]


def announce(ports: state.State, ours: dict[str, str], var: Path) -> None:
    """Say where everything is and who may sign in."""
    accounts = subprocess.run(qingting("demo-accounts"), env=ours, capture_output=True, text=True, check=False)
    base = f"http://127.0.0.1:{ports.http_port}"
    lines = [
        "",
        "青听已启动。Qingting is running.",
        f"  求助者 help-seekers   {base}/",
        f"  工作台 workbench      {base}/workbench/",
        f"  110 接警台 desk       http://127.0.0.1:{ports.desk_port}/",
        telephone.announced(ports.sip_port),
        f"  日志 logs             {var / 'log'}",
        "",
        accounts.stdout.rstrip(),
        f"110 接警台 desk: {desk.accounts(var)}",
        "",
        "按 Ctrl-C 停止。Ctrl-C stops all of it.",
    ]
    print("\n".join(lines), flush=True)
