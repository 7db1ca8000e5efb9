"""`bench intake | push | handoff | calls | screen | search | clocks | orders`: measure the platform and print JSON."""

import json
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from qingting.core.crypto import seal
from qingting.core.push import stream_token
from qingting.core.scope import EVERYTHING, acting
from qingting.screening import bench as screening
from qingting.simulation.bench import calling, due_clocks, handoff, intake, order_acts, order_search, push
from qingting.simulation.bench.profiling import profile
from qingting.simulation.bench.scratch import run_inside, scratch_database
from qingting.simulation.bench.stand import free_port, own_stand, running_stand

_IN_A_SCRATCH = (
    ("search", 1_000_000, "orders among a million, in a scratch database, beside raw SQL"),
    ("clocks", 100_000, "due clocks drained by two workers, one of them killed, in a scratch database"),
    ("orders", 300, "acts a second along the road of orders, in a scratch database, beside raw SQL"),
)
_MEASURES = {
    "search": order_search.measure_inside,
    "clocks": due_clocks.measure_inside,
    "orders": order_acts.measure_inside,
}


class Command(BaseCommand):
    help = "Measure the platform, one of its own in a temporary folder unless --running is given, and print JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--running", action="store_true", help="measure the platform that runs in this folder")
        kinds = parser.add_subparsers(dest="what", required=True)
        rows = kinds.add_parser("intake", help="contact, case, order, clock and journal over HTTP, beside raw SQL")
        rows.add_argument("--clients", type=int, default=16)
        rows.add_argument("--seconds", type=float, default=5)
        rows.add_argument("--rounds", type=int, default=4)

        streams = kinds.add_parser(
            "push", help="open event streams, from commit to delivery, with the web killed half-way"
        )
        streams.add_argument("--streams", type=int, default=2000)
        streams.add_argument("--seconds", type=float, default=20)
        clicks = kinds.add_parser("handoff", help="one click to 110, until the other desk has acknowledged it")
        clicks.add_argument("--times", type=int, default=40)
        words = kinds.add_parser("screen", help="danger screening: recall, false alerts, messages a second on one core")
        words.add_argument("--data", help="folder of evaluation files")
        for name, count, told in _IN_A_SCRATCH:
            beside = kinds.add_parser(name, help=told)
            beside.add_argument("--count", type=int, default=count)
            beside.add_argument(
                "--inside", action="store_true", help="in this database itself (called in a scratch one)"
            )
            beside.add_argument("--worker", default="", help="one of the workers of `clocks`, at this moment")
        calls = kinds.add_parser("calls", help="telephone calls at a time, beside the same load through app_queue")
        calls.add_argument("--calls", type=int, default=100)
        calls.add_argument("--seconds", type=float, default=15)
        sealing = kinds.add_parser("seal-numbers", help="numbers of played telephones (called by `calls`)")
        sealing.add_argument("numbers", nargs="+")
        tokens = kinds.add_parser("tokens", help="permits to listen (called by `push`)")
        tokens.add_argument("--streams", type=int, required=True)
        inside = kinds.add_parser("profile", help="where the time of one intake goes (called by `intake`)")
        inside.add_argument("--key", required=True)
        inside.add_argument("--body", required=True)

    def handle(self, *_: Any, **options: Any) -> None:
        if options["what"] == "profile":
            self.stdout.write(json.dumps(profile(options["key"], options["body"].encode()), ensure_ascii=False))
            return
        if options["what"] == "screen":
            self.stdout.write(screening.printed(screening.bench(screening.folder(options["data"]))))
            return
        if options["what"] == "tokens":
            permits = [stream_token([f"bench-{n}:1", push.group_channel(n)]) for n in range(options["streams"])]
            self.stdout.write(json.dumps(permits))
            return
        if options["what"] == "seal-numbers":
            sealed = {number: seal(number, field="telephony_sipaccount.number").hex() for number in options["numbers"]}
            self.stdout.write(json.dumps(sealed))
            return
        if options["what"] == "calls":
            self._calls(options)
            return
        if options["what"] in _MEASURES:
            self._in_a_scratch(options)
            return
        with nullcontext(running_stand()) if options["running"] else own_stand() as stand:
            found = getattr(self, f"_{options['what']}")(stand, options)
        self.stdout.write(json.dumps({"bench": options["what"], **found}, ensure_ascii=False, indent=1))

    def _in_a_scratch(self, options: dict[str, Any]) -> None:
        what, count = options["what"], options["count"]
        if options["worker"]:
            due_clocks.work(datetime.fromisoformat(options["worker"]))
        elif options["inside"]:
            with acting(EVERYTHING):
                found = _MEASURES[what](count)
            self.stdout.write(json.dumps({"bench": what, **found}, ensure_ascii=False, indent=1))
        else:
            with scratch_database() as environment:
                self.stdout.write(run_inside(environment, "bench", what, "--count", str(count), "--inside"))

    def _calls(self, options: dict[str, Any]) -> None:
        """Always a platform of its own: it is started with the telephones of the bench for seats."""
        load = calling.Load(options["calls"], options["seconds"])
        wire, sip, ari = free_port(), free_port(), free_port()
        ports = {"QINGTING_SIP_PORT": str(sip), "QINGTING_ARI_PORT": str(ari)}
        with own_stand(**calling.wire_settings(wire, load.calls), **ports) as stand:
            found = calling.measure(stand, load, wire_port=wire, sip_port=sip)
        self.stdout.write(json.dumps({"bench": "calls", **found}, ensure_ascii=False, indent=1))

    def _push(self, stand: Any, options: dict[str, Any]) -> dict[str, Any]:
        return push.measure(stand, push.Size(options["streams"], options["seconds"]))

    def _handoff(self, stand: Any, options: dict[str, Any]) -> dict[str, Any]:
        return handoff.measure(stand, options["times"])

    def _intake(self, stand: Any, options: dict[str, Any]) -> dict[str, Any]:
        size = intake.Size(options["clients"], options["seconds"], options["rounds"])
        return intake.measure(stand, size)
