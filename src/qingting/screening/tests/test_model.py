"""The model files are the ones that were built, and building is repeatable."""

from dataclasses import replace

import numpy as np
import pytest

from qingting.screening import train
from qingting.screening.corpus import by_hand, examples, expanded, never_taught
from qingting.screening.features import BUCKETS, features
from qingting.screening.model import FOLDER, GRAVE, OUTPUTS, OWN, RULED, ModelFileError, checksum, model, read
from qingting.screening.senses import sense_keys

pytestmark = pytest.mark.slow


def test_the_shipped_file_matches_its_checksum_and_shape():
    assert checksum(FOLDER / "weights.npz") == (FOLDER / "SHA256SUMS").read_text().split()[0]
    shipped = model()
    assert shipped.weights.shape == (BUCKETS, len(OUTPUTS))
    assert shipped.weights.dtype == np.int8
    assert shipped.bars.shape == (3, 5)
    assert (FOLDER / "weights.npz").stat().st_size < 10_000_000


def test_a_changed_file_is_refused(tmp_path):
    (tmp_path / "weights.npz").write_bytes(b"something else")
    (tmp_path / "SHA256SUMS").write_text((FOLDER / "SHA256SUMS").read_text())
    with pytest.raises(ModelFileError):
        read(tmp_path)


@pytest.fixture
def small():
    """A model of few sentences: good enough to be written, not to be shipped."""
    rows = by_hand()[:120]
    return train.quantised(train.fit(*train.taught(rows)[1:]))


def test_training_twice_gives_the_same_file(tmp_path, small):
    again = train.quantised(train.fit(*train.taught(by_hand()[:120])[1:]))
    train.save(small, tmp_path / "one")
    train.save(again, tmp_path / "two")
    assert checksum(tmp_path / "one" / "weights.npz") == checksum(tmp_path / "two" / "weights.npz")


class TestShipping:
    """A new version takes the place of the old one only where 特急 is recalled at least as often."""

    @pytest.fixture
    def folder(self, tmp_path, small):
        train.save(small, tmp_path)
        return tmp_path

    @pytest.mark.parametrize(("new", "shipped"), [(0.98, True), (0.97, True), (0.96, False)])
    def test_a_fall_at_the_gravest_level_is_not_shipped(self, folder, small, monkeypatch, new, shipped):
        before = checksum(folder / "weights.npz")
        recalls = iter([new, 0.97])
        monkeypatch.setattr(train, "critical_recall", lambda models: next(recalls))
        other = replace(small, bias=small.bias + np.float32(0.1))
        assert train.ship(other, folder)["shipped"] is shipped
        assert (checksum(folder / "weights.npz") != before) is shipped
        assert read(folder).knots.shape[0] == 2

    def test_the_command_says_so(self, monkeypatch, capsys):
        monkeypatch.setattr(train, "examples", lambda: by_hand()[::60])
        monkeypatch.setattr(train, "never_taught", lambda: never_taught()[::60])
        monkeypatch.setattr(train, "ship", lambda model: {"shipped": False})
        assert train.main([]) == 3
        assert '"shipped": false' in capsys.readouterr().out


def test_scores_are_calibrated_and_never_fall():
    knots = train.isotonic(np.array([0.1, 0.2, 0.3, 0.4, 0.9]), np.array([False, True, False, True, True]))
    assert (np.diff(knots) >= 0).all()
    scores = [model().calibrated(raw) for raw in np.linspace(-9, 9, 50)]
    assert scores == sorted(scores)
    assert 0.0 <= scores[0] < 0.05
    assert scores[-1] > 0.95


def test_what_is_kept_out_is_never_taught():
    taught = {text for row in examples() for text in (row.text, *row.grown_from)}
    kept = {row.text for row in never_taught()}
    assert len(kept) > 1000
    assert not kept & taught


def test_templates_expand_the_same_every_time():
    assert list(expanded()) == list(expanded())


def test_there_is_harmless_for_every_danger():
    rows = examples()
    assert sum(row.type is None for row in rows) > len(rows) / 4


def test_a_long_text_must_be_surer_than_a_short_one():
    for row in (OWN, RULED, GRAVE):
        bars = [model().bar(row, length) for length in (5, 20, 40, 80, 200)]
        assert bars == sorted(bars)


def test_a_rule_needs_less_than_the_models_alone_and_the_gravest_no_more():
    for length in (5, 20, 40, 80, 200):
        own, ruled, grave = (model().bar(row, length) for row in (OWN, RULED, GRAVE))
        assert own > ruled >= grave


def test_what_sounds_alike_is_read_alike():
    plain, alike, other = (set(features(text, ())) for text in ("今晚跳楼", "今晚跳喽", "今晚跳舞"))
    assert len(plain & alike) > len(plain & other)


def test_words_of_one_sense_share_a_feature():
    assert set(sense_keys("他抄起皮带")) & set(sense_keys("他抄起板凳"))
    assert sense_keys("").size == 0


def test_features_are_buckets():
    found = features("我不想活了", ())
    assert found.dtype == np.int32
    assert found.min() >= 0
    assert found.max() < BUCKETS
