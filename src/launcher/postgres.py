"""One PostgreSQL cluster of our own on this machine.

It listens on 127.0.0.1 only, asks everybody for a password (scram), and keeps all it has in one folder:

    data/  server.log  port  superuser.password  owner.password  programs/ (only where they had to be copied)

`python -m launcher database start|stop|url|status [--test]` does by hand what the launcher does.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from launcher import binaries, cluster_settings, places, processes
from launcher.accounts import database_account
from launcher.cluster_home import home_for
from launcher.errors import LaunchError
from launcher.leaving import stopped_if_we_are_killed
from launcher.locks import BusyError, FileLock
from launcher.secret_files import write_secret

OWNER = "qingting_owner"
DATABASE = "qingting"
START_SECONDS = 120
STOP_SECONDS = 60

# Said to the server in single-user mode, one statement a line, before it ever listens.
FIRST_WORDS = """\
CREATE ROLE {owner} LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD '{secret}';
CREATE DATABASE {database} OWNER {owner};
"""


class Cluster:
    """A cluster that is made, started, used by several processes at once, and stopped by the last of them."""

    def __init__(self, home: Path, *, durable: bool = True, port_variable: str | None = None) -> None:
        self.home = home.resolve()
        self.data = self.home / "data"
        self.account = database_account(self.home)
        self._durable = durable
        self._port_variable = port_variable
        self._steps = FileLock(self.home / "lock")
        self._users = FileLock(self.home / "users")

    @cached_property
    def programs(self) -> Path:
        return binaries.find(self.account, self.home)

    @property
    def port(self) -> int:
        """The port of the last start."""
        return int((self.home / "port").read_text())

    @property
    def url(self) -> str:
        """What `DATABASE_URL` becomes: the owner's login to the platform's database."""
        secret = (self.home / "owner.password").read_text()
        return f"postgresql://{OWNER}:{secret}@127.0.0.1:{self.port}/{DATABASE}"

    @contextmanager
    def in_use(self) -> Iterator[str]:
        """Its URL, while the block runs. Started if it was not running; the last one out stops it."""
        with self._users.shared(), stopped_if_we_are_killed(self.home):
            self.start()
            yield self.url
        self.stop_unless_used()

    def stop_unless_used(self) -> bool:
        """Stop it; False while somebody uses it, and then it goes on."""
        try:
            with self._users.exclusive(wait=False):
                self.stop()
        except BusyError:
            return False
        return True

    @contextmanager
    def reserved(self) -> Iterator[None]:
        """Make it ready to be run by a supervisor as `command`, and keep others from stopping it meanwhile.

        Raises `LaunchError` while another command runs it.
        """
        try:
            with self._users.exclusive(wait=False):
                self.stop()
        except BusyError as error:
            raise LaunchError(
                "数据库正由另一条命令使用。Another command is using the database.",
                do_next=f"Wait for it to end, or choose another folder than {self.home} in QINGTING_VAR.",
            ) from error
        with self._users.shared():
            self.prepare()
            yield

    @property
    def command(self) -> list[str]:
        """The server in the foreground. SIGINT asks it to end at once and cleanly."""
        return [str(self.programs / "postgres"), "-D", str(self.data)]

    @property
    def environment(self) -> dict[str, str]:
        """Ours, without what would lead PostgreSQL's programs to another server or another language."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        return {**kept, "LC_ALL": "C.UTF-8"}

    def prepare(self) -> None:
        """Everything short of starting: the folder, the port, the settings, no stale pid."""
        with self._steps.exclusive():
            self._prepare()

    def start(self) -> None:
        """Start it in the background unless it runs; returns when it answers."""
        with self._steps.exclusive():
            if self.running_pid() is None:
                self._prepare()
                self._launch()

    def stop(self) -> None:
        """Stop it unless it is stopped; returns when it is gone."""
        with self._steps.exclusive():
            pid = self.running_pid()
            if pid is None:
                return
            os.kill(pid, signal.SIGINT)
            if not processes.wait_until(lambda: not processes.is_alive(pid), seconds=STOP_SECONDS):
                os.kill(pid, signal.SIGQUIT)

    def destroy(self) -> None:
        """Stop it and remove all it has."""
        self.stop()
        shutil.rmtree(self.home)

    def running_pid(self) -> int | None:
        """The server's pid, or None. A zombie or a stranger who was given the same pid is not a server."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if processes.is_alive(pid) and processes.works_in(pid, self.data) else None

    def answers(self) -> bool:
        """Whether it accepts connections."""
        asked = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "2"]
        return subprocess.run(asked, cwd="/", check=False).returncode == 0

    def forget_stale_pid(self) -> None:
        """Remove the pid file of a server that is gone, once the last of its backends is gone too.

        PostgreSQL does this itself, except where the pid looks alive: a zombie, or a reused number.
        """
        if self.running_pid() is None and (self.data / "postmaster.pid").exists():
            processes.wait_until(lambda: not self._backends(), seconds=STOP_SECONDS)
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _prepare(self) -> None:
        if not self.data.exists():
            self._create()
        self.forget_stale_pid()
        port = self._choose_port()
        (self.home / "port").write_text(str(port))
        (self.data / "qingting.conf").write_text(cluster_settings.written(port=port, durable=self._durable))

    def _create(self) -> None:
        """Make it beside its place, then rename: half a cluster is never mistaken for a whole one."""
        draft = self.home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = self.home / "superuser.password"
        write_secret(password, secrets.token_urlsafe(24))
        for path in (draft, password):
            self.account.owns(path)
        self._initdb(draft, password)
        if not self.account.is_ourselves:
            os.chown(password, os.geteuid(), os.getegid())
        self._give_to_owner(draft)
        with (draft / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'qingting.conf'\n")
        draft.rename(self.data)

    def _initdb(self, draft: Path, password: Path) -> None:
        asked = [
            *(str(self.programs / "initdb"), "-D", str(draft), "-U", "postgres", "--pwfile", str(password)),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", "--no-instructions"),
        ]
        if not self._durable:
            asked.append("--no-sync")
        for locale in ("C.UTF-8", "C"):
            done = self._run([*asked, f"--locale={locale}"])
            if done.returncode == 0:
                return
        raise self._refused(done)

    def _give_to_owner(self, draft: Path) -> None:
        secret = secrets.token_urlsafe(24)
        asked = [
            str(self.programs / "postgres"),
            "--single",
            "-D",
            str(draft),
            "-c",
            "exit_on_error=on",
            "postgres",
        ]
        done = self._run(asked, said=FIRST_WORDS.format(owner=OWNER, database=DATABASE, secret=secret))
        if done.returncode != 0:
            raise self._refused(done)
        write_secret(self.home / "owner.password", secret)

    def _refused(self, done: subprocess.CompletedProcess[str]) -> LaunchError:
        return LaunchError(
            f"无法建立数据库。PostgreSQL could not create its data folder: {done.stderr.strip()}",
            do_next=f"Check that {self.account.name} may write {self.home} and that the disk is not full.",
        )

    def _launch(self) -> None:
        log = self.home / "server.log"
        log.touch(mode=0o600)
        self.account.owns(log)
        asked = [str(self.programs / "pg_ctl"), "start", "-w", "-t", str(START_SECONDS)]
        done = self._run([*asked, "-D", str(self.data), "-l", str(log)], output=subprocess.DEVNULL)
        if done.returncode != 0:
            last = log.read_text(errors="replace").splitlines()[-5:]
            raise LaunchError(
                "数据库没有启动。PostgreSQL did not start:\n  " + "\n  ".join(last), do_next=f"See {log}."
            )

    def _backends(self) -> list[int]:
        return [pid for pid in processes.all_working_in(self.data) if processes.is_alive(pid)]

    def _choose_port(self) -> int:
        if self._port_variable and os.environ.get(self._port_variable):
            port = places.port_from(self._port_variable, 5432)
            places.require_free(port, self._port_variable, "PostgreSQL")
            return port
        try:
            remembered = self.port
        except (FileNotFoundError, ValueError):
            return places.any_free_port()
        return remembered if places.is_free(remembered) else places.any_free_port()

    def _run(
        self, command: list[str], *, said: str = "", output: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd="/",
            env=self.environment,
            check=False,
            text=True,
            input=said,
            stdout=output,
            stderr=output,
            **self.account.identity,
        )


def platform_cluster(var: Path) -> Cluster:
    """The cluster behind `make run`."""
    return Cluster(home_for(var / "postgres"), port_variable="QINGTING_PG_PORT")


def disposable_cluster(var: Path) -> Cluster:
    """The cluster behind the tests."""
    return Cluster(home_for(var / "postgres-test"), durable=False)
