"""As in production: the pages by https, the softphone's socket by wss, and a TURN server whose passwords soon run out."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import places
from launcher.rehearsal import clear_away, rehearsal
from tests.calls.browsers import Company, play
from tests.calls.conftest import telephone_is_heard
from tests.calls.secure import Certificate, Proxy, TurnDoor
from tests.calls.stage import CALLER, SEAT, hears, until
from tests.platform import Platform, eventually

pytestmark = pytest.mark.calls

TURN, SECRET = places.any_free_port(), "shared with the TURN server"


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform that tells browsers of a TURN server."""
    settings = {
        "QINGTING_TELEPHONE": "on",
        "QINGTING_RTP_PORTS": "19000-19499",
        "QINGTING_STUN_URLS": f"stun:127.0.0.1:{TURN}",
        "QINGTING_TURN_URLS": f"turn:127.0.0.1:{TURN}?transport=udp",
        "QINGTING_TURN_SECRET": SECRET,
    }
    with rehearsal(tmp_path_factory.mktemp("secure") / "var", **settings) as started:
        platform = Platform(started)
        eventually(lambda: telephone_is_heard(platform), "Asterisk to be heard", seconds=180)
        yield platform
    clear_away(started)


def test_a_seat_behind_tls_talks_by_wss_and_knocks_at_turn_with_its_own_short_password(
    behind_tls: Platform, tmp_path: Path
):
    certificate = Certificate(tmp_path)
    proxy, door = Proxy(certificate, behind_tls.rehearsal.http_port), TurnDoor(SECRET)

    async def scene(company: Company) -> None:
        loop = asyncio.get_running_loop()
        listening, _ = await loop.create_datagram_endpoint(lambda: door, local_addr=("127.0.0.1", TURN))
        try:
            async with proxy.running():
                company.address = f"https://127.0.0.1:{proxy.port}"
                seat, caller = await company.talk()
                assert await seat.page.evaluate("isSecureContext && location.protocol") == "https:"
                assert any("/telephony/sip" in line for line in proxy.sockets), (
                    "the softphone's socket is not behind TLS"
                )
                await seat.hears(CALLER)
                await hears(caller, SEAT)
                await until(lambda: door.welcome, "the seat to knock at TURN")
                caller.hang_up()
                await seat.reads("通话已结束")
        finally:
            listening.close()

    asyncio.run(play(behind_tls, scene, f"--ignore-certificate-errors-spki-list={certificate.pin}"))
    assert not door.unwelcome
    assert all(":seat-" in user for user in door.welcome)
