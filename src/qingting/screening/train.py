"""`python -m qingting.screening.train` rebuilds the model files from the project's own sentences, the same every time."""

import json
import sys
import zipfile
from io import BytesIO

import numpy as np

from .corpus import SEED, Example, examples
from .features import BUCKETS, features
from .guards import mask_idioms, plain_flags
from .model import ANY, FOLDER, OUTPUTS, Model, checksum
from .normalise import normalise

EPOCHS = 8
RATE = 0.35
DECAY = 2e-5
FOLDS = 3
BARS = np.array([0.84, 0.983], dtype=np.float32)  # short, long: set on the development sets, never on single sentences


def seen(text: str) -> np.ndarray:
    """What the models see in a text as somebody wrote it."""
    masked = mask_idioms(normalise(text).text)
    return features(masked, plain_flags(masked))


def targets(rows: list[Example]) -> np.ndarray:
    """float32 (rows, outputs) of zeros and ones."""
    wanted = np.zeros((len(rows), len(OUTPUTS)), dtype=np.float32)
    for at, row in enumerate(rows):
        if row.type:
            wanted[at, [OUTPUTS.index(row.type), ANY, OUTPUTS.index(row.level)]] = 1.0
    return wanted


def fit(buckets: list[np.ndarray], wanted: np.ndarray, weight: np.ndarray) -> Model:
    """Adagrad on the logistic loss, in a fixed shuffled order; weights stay float32 until `quantised`."""
    table = np.zeros((BUCKETS, len(OUTPUTS)), dtype=np.float32)
    squares = np.full_like(table, 1e-3)
    bias = np.full(len(OUTPUTS), -2.0, dtype=np.float32)
    chance = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        for at in chance.permutation(len(buckets)):
            rows = buckets[at]
            size = np.float32(1.0 / np.sqrt(len(rows)))
            logits = table[rows].sum(axis=0) * size + bias
            error = (1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))) - wanted[at]) * weight[at]
            step = error * size + DECAY * table[rows]
            squares[rows] += step * step
            table[rows] -= RATE * step / np.sqrt(squares[rows])
            bias -= 0.02 * error
    return Model(table, np.ones(len(OUTPUTS), np.float32), bias, BARS)


def quantised(model: Model) -> Model:
    """Weights as int8 with one scale per output."""
    scale = np.abs(model.weights).max(axis=0) / 127.0
    scale[scale == 0] = 1.0
    return Model(np.round(model.weights / scale).astype(np.int8), scale.astype(np.float32), model.bias, BARS)


def held_out(rows: list[Example], buckets: list[np.ndarray], wanted: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """float32 (written, outputs): each hand-written row judged by a model that saw neither it nor a text grown from it."""
    written = [at for at, row in enumerate(rows) if row.weight > 1]
    answer = np.zeros((len(written), len(OUTPUTS)), dtype=np.float32)
    for number in range(FOLDS):
        unseen = written[number::FOLDS]
        hidden = {rows[at].text for at in unseen}
        rest = [at for at, row in enumerate(rows) if row.text not in hidden and not hidden & set(row.grown_from)]
        trained = fit([buckets[at] for at in rest], wanted[rest], weight[rest])
        answer[number::FOLDS] = [trained.probabilities(buckets[at]) for at in unseen]
    return answer


def save(model: Model) -> None:
    """Write the arrays with fixed dates, so that the same weights give the same file, and their checksum."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / "weights.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in ("weights", "scale", "bias", "bars"):
            buffer = BytesIO()
            np.lib.format.write_array(buffer, getattr(model, name), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )
    (FOLDER / "SHA256SUMS").write_text(f"{checksum(path)}  weights.npz\n", encoding="utf-8")


def report(answer: np.ndarray, wanted: np.ndarray) -> dict[str, float]:
    """Cross-validated measures of the model alone on the project's own sentences."""
    alert, danger = answer[:, ANY] >= BARS[0], wanted[:, ANY] == 1
    right = answer[:, :ANY].argmax(axis=1) == wanted[:, :ANY].argmax(axis=1)
    level = answer[:, ANY + 1 :].argmax(axis=1) == wanted[:, ANY + 1 :].argmax(axis=1)
    return {
        "sentences": len(wanted),
        "recall": round(float(alert[danger].mean()), 3),
        "false_alerts": round(float(alert[~danger].mean()), 3),
        "type_right": round(float(right[danger].mean()), 3),
        "level_right": round(float(level[danger].mean()), 3),
    }


def main() -> int:
    """Cross-validate on the sentences somebody wrote, then train on everything and write the files."""
    rows = examples()
    buckets = [seen(row.text) for row in rows]
    wanted, weight = targets(rows), np.array([row.weight for row in rows], dtype=np.float32)
    written = [at for at, row in enumerate(rows) if row.weight > 1]
    answer = held_out(rows, buckets, wanted, weight)
    save(quantised(fit(buckets, wanted, weight)))
    sys.stdout.write(json.dumps(report(answer, wanted[written]), ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
