"""`./qingting train-screening` rebuilds the model files from the project's own sentences, the same every time.

What is measured is measured on sentences that the measuring models never saw: by cross-validation, and on every seventh
sentence of several hands, which no model is ever taught. New files are put in place only where 特急 is
recalled at least as often as before, on the sentences kept for measuring and on those never taught.
"""

import argparse
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np

from .corpus import SEED, Example, NotTraining, examples, kept_for_measuring, never_taught, rows_of
from .engine import decide, screen
from .evidence import EVIDENCE, GRADING, evidence, grading
from .features import BUCKETS, features
from .guards import mask_idioms, plain_flags
from .judge import Judge, learn
from .model import ANY, FOLDER, OUTPUTS, Model, arrays, checksum, read
from .normalise import normalise
from .reading import Reading
from .reading import read as read_text
from .signs import LEVELS, Screening

EPOCHS = 5
RATE = 0.35
DECAY = 5e-5
FOLDS = 3
KNOTS = 24  # of the calibration at most
UNCALIBRATED = np.array([[-9.0, 9.0], [0.0, 1.0]], dtype=np.float32)
UNJUDGED = Judge(np.zeros(len(EVIDENCE) + 1, np.float32), np.zeros((len(LEVELS), len(GRADING) + 1), np.float32))
DANGEROUS = 0.2  # share of dangerous messages that scores are calibrated for; among our own sentences it is about half
GRAVER = 5.0  # what a 特急 sentence weighs beside another when levels are learnt: too high is the better mistake
PUT_TOGETHER = 6  # every so many of the texts composed of sentences the judge learns from too
# See `model`. Set by totals over the cross-validated, the never-taught and the development sets, not by single sentences:
# of all these, only batches that were measured once before anybody looked say how well unseen words are read.
BARS = np.array(
    [[-0.2, 0.4, 0.9, 1.7, 1.8], [-3.5, -3.5, -1.6, -0.7, -0.2], [-3.5, -3.5, -2.5, -2.3, -2.3]], dtype=np.float32
)


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
    """Adagrad on the logistic loss, in a fixed shuffled order; the weights are the mean of those after each round but the
    first, which errs less on texts of another kind than the last alone. They stay float32 until `quantised`."""
    table = np.zeros((BUCKETS, len(OUTPUTS)), dtype=np.float32)
    squares, total = np.full_like(table, 1e-3), np.zeros_like(table)
    bias = np.full(len(OUTPUTS), -2.0, dtype=np.float32)
    biases = np.zeros_like(bias)
    chance = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        for at in chance.permutation(len(buckets)):
            rows = buckets[at]
            size = np.float32(1.0 / np.sqrt(len(rows)))
            taken = table[rows]
            logits = taken.sum(axis=0) * size + bias
            error = (1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))) - wanted[at]) * weight[at]
            step = error * size + DECAY * taken
            squares[rows] += step * step
            table[rows] = taken - RATE * step / np.sqrt(squares[rows])
            bias -= 0.02 * error
        if epoch:
            total += table
            biases += bias
    rounds = np.float32(EPOCHS - 1)
    scale = np.ones(len(OUTPUTS), np.float32)
    return Model(total / rounds, scale, biases / rounds, UNJUDGED, BARS, UNCALIBRATED)


def quantised(model: Model) -> Model:
    """Weights as int8 with one scale per output."""
    scale = np.abs(model.weights).max(axis=0) / 127.0
    scale[scale == 0] = 1.0
    return replace(model, weights=np.round(model.weights / scale).astype(np.int8), scale=scale.astype(np.float32))


Taught = tuple[list[Example], list[np.ndarray], np.ndarray, np.ndarray]  # rows, buckets, targets, weights


def taught(rows: list[Example]) -> Taught:
    """Everything that fitting needs of the rows."""
    weight = np.array([row.weight for row in rows], dtype=np.float32)
    return rows, [seen(row.text) for row in rows], targets(rows), weight


Read = list[tuple[Example, Reading]]


def held_out(material: Taught) -> Read:
    """Each hand-written row, and some texts composed of them, as read with models that saw neither it nor what it grew from."""
    rows, buckets, wanted, weight = material
    written = [at for at, row in enumerate(rows) if row.weight > 1]
    done: Read = []
    for number in range(FOLDS):
        hidden = {rows[at].text for at in written[number::FOLDS]}
        kin = [at for at, row in enumerate(rows) if row.text in hidden or hidden & set(row.grown_from)]
        known = set(kin)
        rest = [at for at in range(len(rows)) if at not in known]
        models = quantised(fit([buckets[at] for at in rest], wanted[rest], weight[rest]))
        composed = [at for at in kin if hidden >= set(rows[at].grown_from[-1:]) and rows[at].grown_from][::PUT_TOGETHER]
        done += [(rows[at], read_text(rows[at].text, models)) for at in (*written[number::FOLDS], *composed)]
    return done


def judge_of(done: Read) -> Judge:
    """The judge that these readings teach."""
    truth = np.array([row.type is not None for row, _ in done])
    danger = learn(np.array([evidence(reading) for _, reading in done]), truth, np.ones(len(done)))
    graded = [(row.level, grading(reading)) for row, reading in done if row.level]
    found = np.array([numbers for _, numbers in graded])
    weight = np.array([GRAVER if level == LEVELS[0] else 1.0 for level, _ in graded])
    levels = [learn(found, np.array([is_ == level for is_, _ in graded]), weight) for level in LEVELS]
    return Judge(danger, np.array(levels))


def calibration(done: Read, judge: Judge) -> np.ndarray:
    """The knots (see `model`) that these readings and their truth give."""
    words = np.array([judge.weigh(evidence(reading)) for _, reading in done])
    return isotonic(words, np.array([row.type is not None for row, _ in done]))


def isotonic(raw: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """float32 (2, at most KNOTS): the rising steps that fit `truth` best (pool adjacent violators), thinned to knots."""
    order = np.argsort(raw, kind="mergesort")
    share = float(truth.mean())
    weights = np.where(truth, DANGEROUS / share, (1 - DANGEROUS) / (1 - share))
    pools: list[list[float]] = []  # mean of truth, weight, mean of raw
    for score, right, weight in zip(raw[order], truth[order], weights[order], strict=True):
        pools.append([float(right), float(weight), float(score)])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, size, centre = pools.pop()
            before = pools[-1]
            total = before[1] + size
            pools[-1] = [
                (before[0] * before[1] + mean * size) / total,
                total,
                (before[2] * before[1] + centre * size) / total,
            ]
    kept = pools[:: max(1, -(-len(pools) // (KNOTS - 2)))]
    first, last = [float(raw.min()) - 1, min(0.001, kept[0][0])], [float(raw.max()) + 1, max(0.999, kept[-1][0])]
    points = [first, *([centre, mean] for mean, _, centre in kept), last]
    return np.array(points, dtype=np.float32).T


def report(results: list[tuple[Example, Screening]]) -> dict[str, float]:
    """Measures of the whole engine on the project's own sentences."""
    danger = [(row, found) for row, found in results if row.type]
    critical = [found.level == "CRITICAL" for row, found in danger if row.level == "CRITICAL"]
    return {
        "sentences": len(results),
        "recall": round(float(np.mean([found.alert for _, found in danger])), 3),
        "false_alerts": round(float(np.mean([found.alert for row, found in results if not row.type])), 3),
        "type_right": round(float(np.mean([row.type in found.types for row, found in danger])), 3),
        "level_right": round(float(np.mean([found.level == row.level for row, found in danger])), 3),
        "critical_recall": round(float(np.mean(critical)), 3),
    }


def critical_recall(models: Model) -> float:
    """Share of the 特急 sentences kept for measuring, and of those never taught, that the engine calls 特急 with these models."""
    texts = [row["text"] for row in kept_for_measuring() if row["expect_level"] == "特急"]
    texts += [row.text for row in never_taught() if row.level == "CRITICAL"]
    return float(np.mean([screen(text, models).level == "CRITICAL" for text in texts]))


def save(model: Model, folder: Path) -> None:
    """Write the arrays with fixed dates, so that the same weights give the same file, and their checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "weights.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays(model).items():
            buffer = BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )
    (folder / "SHA256SUMS").write_text(f"{checksum(path)}  weights.npz\n", encoding="utf-8")


def ship(model: Model, folder: Path = FOLDER) -> dict[str, float | bool]:
    """Put a new model in place, unless it recalls 特急 less often than the one that is there. Says which, and both recalls."""
    new = critical_recall(model)
    before = critical_recall(read(folder)) if (folder / "weights.npz").exists() else 0.0
    shipped = new >= before
    if shipped:
        with tempfile.TemporaryDirectory() as draft:
            save(model, Path(draft))
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("weights.npz", "SHA256SUMS"):
                shutil.copy(Path(draft) / name, folder / name)
    return {"critical_recall_before": round(before, 4), "critical_recall_new": round(new, 4), "shipped": shipped}


def main(words: Sequence[str]) -> int:
    """Cross-validate, calibrate, train on everything, and ship what recalls 特急 no less; 3 when it does not.

    `--also FILE`: rows of one's own beside the project's, such as confirmed corrections; 2 where that file is no such thing.
    """
    parser = argparse.ArgumentParser(prog="qingting train-screening", description=__doc__)
    parser.add_argument(
        "--also", type=Path, help="a JSONL file of rows to learn from as well, such as confirmed corrections"
    )
    also = parser.parse_args(words).also
    try:
        own = rows_of(also) if also else []
    except (OSError, NotTraining) as reason:
        sys.stderr.write(f"{also}: {reason}\n")
        return 2
    material = taught([*examples(), *own])
    done = held_out(material)
    judge = judge_of(done)
    model = replace(quantised(fit(*material[1:])), judge=judge, knots=calibration(done, judge))
    results = [(row, decide(reading, model)) for row, reading in done]
    unseen = report([(row, screen(row.text, model)) for row in never_taught()])
    said = {"cross_validated": report(results), "never_taught": unseen, **ship(model)}
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return 0 if said["shipped"] else 3


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
