"""Exactly one controller for each Asterisk: a lock in the database, held by a connection that also hears what is new."""

import asyncio
import logging
import zlib
from collections.abc import Callable

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

from qingting.telephony.services.waking import CHANNEL

log = logging.getLogger(__name__)

ASK_AGAIN = 1.0  # seconds
LOOK_ANYWAY = 1.0  # seconds without news until everything is looked at all the same


class Deposed(Exception):
    """Another controller holds the lock now."""


class Leadership:
    """`held` runs until it is cancelled; while the database is away it goes on, since calls need no database."""

    def __init__(self, asterisk: str, *, when_news: Callable[[str], None]) -> None:
        self._key = zlib.crc32(f"qingting.telephony.{asterisk}".encode())
        self._when_news = when_news
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def acquire(self) -> None:
        """Wait until no other controller serves this Asterisk."""
        while True:
            if await self._try():
                return
            await asyncio.sleep(ASK_AGAIN)

    async def hear(self) -> None:
        """Hand on news as they come. Raises Deposed where another took over while the database was away."""
        while True:
            try:
                await self._hear_once()
            except psycopg.Error as error:
                log.warning("the database went away: %s", type(error).__name__)
                await asyncio.sleep(ASK_AGAIN)
                await self._come_back()

    async def _hear_once(self) -> None:
        if self._connection is None:
            return
        while True:
            heard = False
            async for news in self._connection.notifies(timeout=LOOK_ANYWAY, stop_after=1):
                heard = True
                self._when_news(news.payload)
            if not heard:
                self._when_news("")

    async def _come_back(self) -> None:
        while True:
            try:
                if await self._try():
                    return
            except psycopg.Error:
                await asyncio.sleep(ASK_AGAIN)
                continue
            raise Deposed

    async def _try(self) -> bool:
        try:
            connection = await psycopg.AsyncConnection.connect(_dsn(), autocommit=True, connect_timeout=3)
        except psycopg.OperationalError:
            if self._connection is not None:
                raise
            return False
        cursor = await connection.execute(
            "SELECT pg_try_advisory_lock(hashtext('qingting.controller'), %s)", [self._signed()]
        )
        row = await cursor.fetchone()
        if not (row and row[0]):
            await connection.close()
            return False
        await connection.execute(f"LISTEN {CHANNEL}")
        self._connection = connection
        return True

    def _signed(self) -> int:
        """The key as the 32-bit integer with a sign that the database wants."""
        return self._key - 2**32 if self._key >= 2**31 else self._key


def _dsn() -> str:
    settings = connections["default"].settings_dict
    return make_conninfo(
        "",
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        application_name="qingting-controller",
    )
