"""`make run` says plainly why it cannot start."""

from __future__ import annotations

import socket

import pytest

from launcher import places, run, state
from launcher.errors import LaunchError


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QINGTING_VAR", str(tmp_path / "var"))
    for variable in (run.HTTP, run.DESK):
        monkeypatch.setenv(variable, str(places.any_free_port()))
    return tmp_path / "var"


@pytest.mark.parametrize("variable", [run.HTTP, run.DESK])
def test_a_taken_port_is_named_with_the_variable_that_moves_it(monkeypatch, variable):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv(variable, str(port))
        with pytest.raises(LaunchError) as refused:
            run.main()
    assert str(port) in str(refused.value)
    assert f"{variable}=" in str(refused.value)


@pytest.mark.parametrize("written", ["web", "0", "70000", "-1"])
def test_what_is_no_port_is_refused(monkeypatch, written):
    monkeypatch.setenv(run.HTTP, written)
    with pytest.raises(LaunchError, match="is not a port"):
        run.main()


def test_a_second_start_in_the_same_folder_points_to_the_first(own_folder):
    with state.lock(own_folder).exclusive():
        state.write(own_folder, state.State(http_port=8123, desk_port=8124, mode="demo", pid=77))
        with pytest.raises(LaunchError, match=r"http://127\.0\.0\.1:8123 \(pid 77\)"):
            run.main()


def test_a_database_that_does_not_answer_is_named(monkeypatch):
    nowhere = places.any_free_port()
    monkeypatch.setenv("DATABASE_URL", f"postgresql://somebody:secret@127.0.0.1:{nowhere}/qingting")
    with pytest.raises(LaunchError, match=str(nowhere)) as refused:
        run.main()
    assert "secret" not in str(refused.value)


def test_the_desk_is_told_nothing_of_the_platforms_database(own_folder):
    ports = state.State(http_port=8000, desk_port=8110, mode="demo")
    plans = {plan.name: plan for plan in run.services(own_folder, ports, "postgresql://owner:secret@db/qingting")}
    assert "DATABASE_URL" not in plans["desk"].environment
    assert "DATABASE_URL" in plans["web-1"].environment


@pytest.mark.parametrize("written", ["none", "0", "65", "-1"])
def test_what_is_no_number_of_web_processes_is_refused(monkeypatch, written):
    monkeypatch.setenv(run.WEB_PROCESSES, written)
    with pytest.raises(LaunchError, match="a number from 1 to 64"):
        run.web_processes()
