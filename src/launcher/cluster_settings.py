"""PostgreSQL's settings for one small machine, as data."""

from __future__ import annotations

ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Parallel plans want shared memory that containers seldom have, and our questions are small.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The push hub reads below the oldest open transaction: one left open would hold everybody's news back.
    "idle_in_transaction_session_timeout": "60s",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    # A failing statement and its detail carry what people wrote. The log must not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
DURABLE = {
    "fsync": "on",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
}
# Tests throw their databases away: speed is worth more than a power cut.
DISPOSABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "5min",
}


def written(*, port: int, durable: bool) -> str:
    """The configuration file's text."""
    settings = {**ALWAYS, **(DURABLE if durable else DISPOSABLE), "port": str(port)}
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    return "\n".join(["# Written by the launcher at every start.", *lines, ""])
