"""Keys are private, may be changed while the line is in use, and appear when their file appears."""

import json
import stat
from datetime import timedelta

import pytest

from deskwire.keys import FileKeyring, load_private, load_public_set, new_key, rotate, write_pair
from deskwire.keys.__main__ import main
from deskwire.tests.desks import NOW


def test_a_key_file_is_for_its_owner_only(tmp_path):
    private, public = write_pair(new_key("desk-110", NOW), tmp_path, NOW)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (private, public)] == [0o600, 0o600]
    assert "privateKey" not in public.read_text()
    assert load_private(private).public == load_public_set(public)[0].public


def test_the_secret_never_shows_in_a_repr():
    key = new_key("desk-110", NOW)
    assert repr(key.private) not in repr(key)


def test_changing_keys_keeps_the_old_one_good_for_the_overlap(tmp_path):
    old = new_key("desk-110", NOW)
    write_pair(old, tmp_path, NOW)
    new = rotate(tmp_path, "desk-110", NOW, timedelta(days=7))
    published = {key.key_id: key for key in load_public_set(tmp_path / "desk-110.pub.json")}
    assert published[old.key_id].not_after == NOW + timedelta(days=7)
    assert published[new.key_id].good_at(NOW + timedelta(days=8))
    assert load_private(tmp_path / "desk-110.key.json").key_id == new.key_id
    rotate(tmp_path, "desk-110", NOW + timedelta(days=8), timedelta(days=7))
    assert old.key_id not in {key.key_id for key in load_public_set(tmp_path / "desk-110.pub.json")}


def test_a_keyring_follows_its_files(tmp_path):
    ring = FileKeyring(tmp_path / "desk-110.pub.json")
    assert not ring.knows("desk-110")
    key = new_key("desk-110", NOW)
    write_pair(key, tmp_path, NOW)
    assert ring.find("desk-110", key.key_id).public == key.public
    new = rotate(tmp_path, "desk-110", NOW, timedelta(days=1))
    assert ring.find("desk-110", new.key_id)
    (tmp_path / "desk-110.pub.json").write_text("{half")
    assert ring.find("desk-110", new.key_id), "a half-made edit does not cut the line"
    (tmp_path / "desk-110.pub.json").unlink()
    assert not ring.knows("desk-110")


def test_a_directory_of_keys(tmp_path):
    for desk in ("desk-110", "desk-12345"):
        write_pair(new_key(desk, NOW), tmp_path, NOW)
    ring = FileKeyring(tmp_path)
    assert ring.knows("desk-110")
    assert ring.knows("desk-12345")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"desk":"d","keyId":"k","alg":"none","privateKey":"AA=="}'])
def test_what_is_not_a_key_file_is_said_so(tmp_path, text):
    path = tmp_path / "x.key.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"x\.key\.json"):
        load_private(path)


def test_the_key_tool(tmp_path, capsys):
    assert main(["new", "--desk", "desk-110", "--out", str(tmp_path)]) == 0
    assert main(["new", "--desk", "desk-110", "--out", str(tmp_path)]) == 1
    assert main(["rotate", "--desk", "desk-110", "--out", str(tmp_path)]) == 0
    assert main(["show", str(tmp_path / "desk-110.pub.json")]) == 0
    assert len(json.loads((tmp_path / "desk-110.pub.json").read_text())["keys"]) == 2
    assert "good until" in capsys.readouterr().out


def test_a_pair_under_another_file_name_is_found_by_the_desk_it_names(tmp_path, capsys):
    write_pair(new_key("desk-12355", NOW), tmp_path, NOW)
    for half in ("key", "pub"):
        (tmp_path / f"desk-12355.{half}.json").rename(tmp_path / f"12355.{half}.json")
    assert main(["rotate", "--desk", "desk-12355", "--out", str(tmp_path)]) == 0
    assert "12355.pub.json" in capsys.readouterr().out
    assert len(json.loads((tmp_path / "12355.pub.json").read_text())["keys"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["12355.key.json", "12355.pub.json"]
    assert main(["rotate", "--desk", "desk-other", "--out", str(tmp_path)]) == 1
