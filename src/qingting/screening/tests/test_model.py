"""The model files are the ones that were built, and building is repeatable."""

import numpy as np
import pytest

from qingting.screening import model as models
from qingting.screening import train
from qingting.screening.corpus import by_hand, examples, expanded
from qingting.screening.features import BUCKETS, features
from qingting.screening.model import FOLDER, OUTPUTS, ModelFileError, checksum, model

pytestmark = pytest.mark.slow


def test_the_shipped_file_matches_its_checksum_and_shape():
    assert checksum(FOLDER / "weights.npz") == (FOLDER / "SHA256SUMS").read_text().split()[0]
    shipped = model()
    assert shipped.weights.shape == (BUCKETS, len(OUTPUTS))
    assert shipped.weights.dtype == np.int8
    assert shipped.bars.shape == (2,)
    assert (FOLDER / "weights.npz").stat().st_size < 3_000_000


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    (tmp_path / "weights.npz").write_bytes(b"something else")
    (tmp_path / "SHA256SUMS").write_text((FOLDER / "SHA256SUMS").read_text())
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    with pytest.raises(ModelFileError):
        model.__wrapped__()


def test_training_twice_gives_the_same_file(tmp_path, monkeypatch):
    rows = by_hand()[:120]
    buckets = [train.seen(row.text) for row in rows]
    weight = np.ones(len(rows), dtype=np.float32)
    sums = []
    for name in ("one", "two"):
        monkeypatch.setattr(train, "FOLDER", tmp_path / name)
        train.save(train.quantised(train.fit(buckets, train.targets(rows), weight)))
        sums.append(checksum(tmp_path / name / "weights.npz"))
    assert sums[0] == sums[1]


def test_templates_expand_the_same_every_time():
    assert list(expanded()) == list(expanded())


def test_there_is_harmless_for_every_danger():
    rows = examples()
    assert sum(row.type is None for row in rows) > len(rows) / 4


def test_features_are_buckets():
    found = features("我不想活了", ())
    assert found.dtype == np.int32
    assert found.min() >= 0
    assert found.max() < BUCKETS
