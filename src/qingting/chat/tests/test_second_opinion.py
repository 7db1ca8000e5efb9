"""A large model of one's own may raise danger; it never lowers it, and nobody waits for it."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qingting.chat import services
from qingting.chat.models import Conversation, DangerSign, SecondOpinion
from qingting.chat.services.second_opinion import understood
from qingting.core.scope import EVERYTHING, acting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PLAN = {"level": "CRITICAL", "type": "suicide_plan_24h"}


class Endpoint:
    """A small server that speaks like the real ones. `says` is the content of its answer; None: it hangs."""

    def __init__(self) -> None:
        self.says: str | None = json.dumps(PLAN)
        self.asked: list[dict[str, object]] = []
        self.let_go = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                endpoint.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                if endpoint.says is None:
                    endpoint.let_go.wait(20)
                body = json.dumps({"choices": [{"message": {"content": endpoint.says}}]}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"


@pytest.fixture
def endpoint(settings):
    server = Endpoint()
    settings.SECOND_OPINION_URL, settings.SECOND_OPINION_SECONDS = server.url, 0.3
    yield server
    server.let_go.set()
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def say(seeker, talking, at):
    def words(text):
        with acting(seeker.scope):
            services.post_message(actor=seeker, conversation_id=talking.id, text=text, client_key=text, at=at)

    return words


def step(at) -> str:
    """One step of the worker; the level after it."""
    with acting(EVERYTHING):
        services.give_second_opinions(at=at)
        return Conversation.objects.get().danger_level


def test_what_rules_missed_is_raised_once(endpoint, say, at):
    say("今天的云很好看")
    assert step(at) == "CRITICAL"
    assert step(at) == "CRITICAL"
    assert len(endpoint.asked) == 1
    with acting(EVERYTHING):
        assert DangerSign.objects.get().why == "second-opinion"


def test_it_never_lowers(endpoint, say, at):
    endpoint.says = '{"level": "NONE", "type": ""}'
    say("我今晚就从楼顶跳下去")
    assert step(at) == "CRITICAL"


def test_a_hanging_endpoint_delays_nobody(endpoint, say, at):
    endpoint.says = None
    begun = time.monotonic()
    say("我不想活了")
    assert time.monotonic() - begun < 2
    assert step(at) == "URGENT"
    assert time.monotonic() - begun < 5
    with acting(EVERYTHING):
        assert SecondOpinion.objects.get().level == ""


def test_what_a_person_judged_stays_judged(endpoint, say, ready, talking, at):
    say("我不想活了")
    with acting(ready.scope):
        services.lower_danger(actor=ready, conversation_id=talking.id, level="NONE", words="在念歌词", at=at)
    assert step(at) == ""


def test_without_an_address_nobody_is_asked(say, at, settings):
    assert settings.SECOND_OPINION_URL == ""
    say("今天的云很好看")
    assert step(at) == ""


@pytest.mark.parametrize(
    "answer", ["", "好的", "{", '{"level": "HIGH", "type": "self_harm"}', '{"level": "URGENT", "type": "sad"}', "[1]"]
)
def test_what_is_no_opinion_is_none(answer):
    assert understood(answer) is None


def test_talk_around_the_answer_is_borne():
    assert understood(f"判断如下：{json.dumps(PLAN)} 请注意。").level == "CRITICAL"
