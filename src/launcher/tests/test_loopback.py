"""A test run tells nobody outside that it ran."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("elsewhere", ["192.0.2.1", "example.invalid"])
def test_a_connection_to_elsewhere_fails(elsewhere):
    with socket.socket() as connection, pytest.raises(ConnectionRefusedError, match=elsewhere):
        connection.connect((elsewhere, 80))


def test_a_connection_on_this_machine_works():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as near:
        assert near.getpeername() == server.getsockname()
