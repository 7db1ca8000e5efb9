"""One web process: pages and event streams on one port. Several may share the port (SO_REUSEPORT); each is its own."""

import socket

import uvicorn
from django.core.management.base import BaseCommand, CommandParser


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.listen(4096)
    return listener


class Command(BaseCommand):
    help = "Serve pages and event streams."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="0.0.0.0")  # noqa: S104  phones of the same network may try it
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, **options: object) -> None:
        config = uvicorn.Config(
            "qingting.config.asgi:application",
            loop="uvloop",
            http="httptools",
            access_log=False,
            log_config=None,
            lifespan="on",
            timeout_graceful_shutdown=3,
            server_header=False,
        )
        config.load()  # before the port is opened: until then the other processes answer
        listener = _listen(str(options["host"]), int(str(options["port"])))
        uvicorn.Server(config).run(sockets=[listener])
