"""Nobody is taken for the carrier, and nobody gets a softphone's socket that is not theirs."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.platform import Platform

pytestmark = pytest.mark.calls

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"


def invite(user: str) -> str:
    head = [
        "INVITE sip:12355@hotline SIP/2.0", "Via: SIP/2.0/WS x.invalid;branch=z9hG4bKdoor", "Max-Forwards: 70",
        f"From: <sip:{user}@hotline>;tag=1", "To: <sip:12355@hotline>", "Call-ID: door", "CSeq: 1 INVITE",
        f"Contact: <sip:{user}@x.invalid;transport=ws>", "Content-Type: application/sdp", f"Content-Length: {len(SDP)}",
    ]  # fmt: skip
    return "\r\n".join([*head, "", SDP])


async def statuses(url: str, frame: str, **more: Any) -> list[int]:
    """Final answers to one SIP message; 0 for a socket that was closed, -1 for one that never opened."""
    found = []
    async with aiohttp.ClientSession(trust_env=False) as session:
        try:
            async with session.ws_connect(url, protocols=("sip",), **more) as socket:
                await socket.send_str(frame)
                async with asyncio.timeout(4):
                    while not (message := await socket.receive()).type.name.startswith("CLOS"):
                        if str(message.data).startswith("SIP/2.0 "):  # else Asterisk only asks whether we are there
                            found.append(int(str(message.data)[8:11]))
                    found.append(0)
        except aiohttp.WSServerHandshakeError:
            return [-1]
        except TimeoutError:
            pass
    return found


def test_a_stranger_on_asterisks_own_websocket_is_not_taken_for_the_carrier(exchange: Platform):
    answers = asyncio.run(statuses(f"ws://127.0.0.1:{exchange.rehearsal.ari_port}/ws", invite("stranger")))
    assert 200 not in answers
    assert answers[-1] in (401, 403)


def account_of(exchange: Platform) -> tuple[dict[str, Any], dict[str, str]]:
    member = exchange.staff("counsellor")
    issued = member.browser.post("/telephony/account", {}).json()
    cookies = "; ".join(f"{name}={value}" for name, value in member.browser.client.cookies.items())
    return issued, {"Cookie": cookies, "Origin": exchange.http}


def test_the_socket_opens_for_the_login_it_was_issued_to(exchange: Platform):
    issued, headers = account_of(exchange)
    url = exchange.http.replace("http", "ws") + issued["socket"]
    register = invite(issued["username"]).replace("INVITE", "REGISTER").replace("sip:12355@hotline", "sip:hotline", 1)
    assert 401 in asyncio.run(statuses(url, register, headers=headers))  # Asterisk asks for the password


@pytest.mark.parametrize("wrong", ["no cookie", "no origin", "another site", "forged pass", "no pass"])
def test_nobody_else_gets_the_socket(exchange: Platform, wrong: str):
    issued, headers = account_of(exchange)
    url = exchange.http.replace("http", "ws") + issued["socket"]
    if wrong == "no cookie":
        headers.pop("Cookie")
    elif wrong == "no origin":
        headers.pop("Origin")
    elif wrong == "another site":
        headers["Origin"] = "http://evil.example"
    else:
        url = url.split("?")[0] + ("?pass=forged" if wrong == "forged pass" else "")
    assert asyncio.run(statuses(url, invite(issued["username"]), headers=headers)) == [-1]


def test_on_the_socket_one_speaks_for_oneself_only(exchange: Platform):
    issued, headers = account_of(exchange)
    url = exchange.http.replace("http", "ws") + issued["socket"]
    for somebody in ("stranger", "trunk", "desk-110"):
        assert asyncio.run(statuses(url, invite(somebody), headers=headers)) == [0]


def test_a_seat_may_not_dial(exchange: Platform):
    issued, headers = account_of(exchange)
    url = exchange.http.replace("http", "ws") + issued["socket"]
    assert 200 not in asyncio.run(statuses(url, invite(issued["username"]), headers=headers))
