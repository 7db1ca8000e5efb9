"""Numbers for Prometheus: what the process counts by itself, and gauges asked from the database at the moment of scraping."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from qingting.core import heartbeats, time
from qingting.core.scope import EVERYTHING, acting


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number: its name without the prefix `qingting_`, what it counts, its value, and labels. Never about a person."""

    name: str
    meaning: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def of_core() -> Iterable[Gauge]:
    """Age of each part's last sign of life, and how the clocks stand."""
    for part, state in heartbeats.state_of_parts(at=time.now()).items():
        age = float(str(state["age_seconds"]))
        yield Gauge("part_age_seconds", "Seconds since a running part was heard of", age, (("part", part),))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE breached_at IS NOT NULL), count(*) FILTER (WHERE next_check_at < now())"
            " FROM core_clock WHERE met_at IS NULL AND cancelled_at IS NULL"
        )
        running, breached, unmoved = cursor.fetchone()
    yield Gauge("clocks_running", "Deadlines that are neither met nor cancelled", running)
    yield Gauge("clocks_breached", "Running deadlines that have passed", breached)
    yield Gauge("clocks_unmoved", "Deadlines whose check is due and has not been made yet", unmoved)


class _Asked:
    """A collector that asks every provider of `settings.METRICS` when it is scraped."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for name in settings.METRICS:
            provider: Callable[[], Iterable[Gauge]] = import_string(name)
            for gauge in provider():
                labels = [key for key, _value in gauge.labels]
                family = families.setdefault(
                    gauge.name, GaugeMetricFamily(f"qingting_{gauge.name}", gauge.meaning, labels=labels)
                )
                family.add_metric([value for _key, value in gauge.labels], gauge.value)
        return families.values()


def exposition() -> bytes:
    """Prometheus' text: this process's own figures, then the platform's gauges."""
    registry = CollectorRegistry(auto_describe=False)
    with acting(EVERYTHING):
        registry.register(_Asked())
        return generate_latest() + generate_latest(registry)
