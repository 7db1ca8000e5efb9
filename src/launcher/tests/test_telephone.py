"""The telephone comes with the platform, keeps numbers out of the logs, and stands in nobody's way where it can't be had."""

from __future__ import annotations

import json
import shutil
import wave

import pytest

from launcher.errors import LaunchError
from launcher.telephone import configuration, packages, programs, report, service, tones
from launcher.telephone.packages import NoPackagesError


def test_a_log_keeps_no_number():
    line = service.masked('no endpoint for "sip:13800138000@10.0.0.1" (+8613912345678), call 1748293748291837465')
    assert "13800138000" not in line
    assert "13912345678" not in line
    assert "***00@10.0.0.1" in line
    assert "1748293748291837465" in line


def test_without_apt_it_says_so(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(NoPackagesError, match="Debian"):
        packages.debian_mirror()


def test_the_report_says_why(tmp_path):
    report.tell(tmp_path, "UNAVAILABLE", why="没有 apt")
    assert json.loads((tmp_path / "telephone" / "report.json").read_text("utf-8"))["why"] == "没有 apt"


@pytest.mark.parametrize("written", ["16000", "17999-16000", "10-20", "a-b"])
def test_what_is_no_range_of_ports_is_refused(monkeypatch, written):
    monkeypatch.setenv(configuration.RTP, written)
    with pytest.raises(LaunchError, match="range of ports"):
        configuration.ports_from_environment()


def test_every_place_of_the_templates_is_filled(tmp_path, monkeypatch):
    from launcher.accounts import ourselves
    from launcher.telephone import settings

    asterisk = programs.Asterisk(tmp_path / "programs")
    (asterisk.root / "usr/lib/x86_64-linux-gnu").mkdir(parents=True)
    (asterisk.root / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2").touch()
    values = settings.values(tmp_path, configuration.ports_from_environment())
    main = configuration.render(tmp_path / "home", asterisk, ourselves(), values)
    for written in main.parent.iterdir():
        assert written.stat().st_mode & 0o077 == 0, f"{written.name} holds passwords"
    assert str(asterisk.modules) in main.read_text("utf-8")


def test_the_music_can_be_played(tmp_path):
    tones.write_music(tmp_path / "waiting.wav")
    with wave.open(str(tmp_path / "waiting.wav")) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (8000, 1, 16 * 8000)
