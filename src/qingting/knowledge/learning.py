"""`./qingting train-answers`: learn from the articles which questions are theirs, and write `data/model` anew.

Softmax regression over the grams of a text (each weighed by how rare it is, the whole of length one), by plain gradient descent in a
fixed order of chance: the same data give the same file. Taught are titles, questions and summaries, paragraphs of bodies for less, the
words by which it is looked for (`data/aliases.toml`), and `data/questions/elsewhere.txt` for what no article answers. Labelled questions are never taught: they measure.
"""

import hashlib
import math
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np

from qingting.knowledge import rules, seeds
from qingting.knowledge.prior import DATA, ELSEWHERE, FOLDER, checksum

EPOCHS, RATE, DECAY, SEED = 12, 1.0, 1e-5, 12355
PARAGRAPH = 0.3  # how much a paragraph of a body teaches beside a question
ALIAS = 0.7  # how much one of its names does
SHORTEST_PARAGRAPH = 7

Example = tuple[str, str, float]  # text, code, how much it counts


def elsewhere() -> list[str]:
    """Questions about everything that is no matter of ours."""
    lines = (DATA / "questions" / "elsewhere.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]


def examples() -> list[Example]:
    """Everything that is taught."""
    told = [article for article in seeds.articles() if article.kind == "ARTICLE"]
    rows = [(text, a.code, 1.0) for a in told for text in (a.title, a.summary, *a.questions)]
    bodies = [(line, a.code, PARAGRAPH) for a in told for line in a.body.splitlines()]
    rows += [(alias, a.code, ALIAS) for a in told for alias in a.aliases]
    rows += [row for row in bodies if len(row[0]) >= SHORTEST_PARAGRAPH]
    return rows + [(text, ELSEWHERE, 1.0) for text in elsewhere()]


def fit(rows: Sequence[Example]) -> dict[str, np.ndarray]:
    """The arrays of `prior.npz`."""
    seen = [sorted(set(rules.grams(text))) for text, _code, _much in rows]
    holders = Counter(gram for grams in seen for gram in grams)
    grams = sorted(holders)
    place = {gram: row for row, gram in enumerate(grams)}
    worth = np.array([_worth(gram, holders[gram], len(rows)) for gram in grams], dtype=np.float32)
    codes = [*dict.fromkeys(code for _text, code, _much in rows if code != ELSEWHERE), ELSEWHERE]
    weights, bias = _descend([[place[gram] for gram in each] for each in seen], rows, codes, worth)
    scale = np.abs(weights).max(axis=0) / 127.0
    return {
        "grams": np.array(grams),
        "codes": np.array(codes),
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
        "worth": worth,
        "taught": np.array(digest(rows)),
    }


def digest(rows: Sequence[Example]) -> str:
    """What tells whether the file on disk has learned from just these rows."""
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def _worth(gram: str, holders: int, texts: int) -> float:
    return math.log(1 + texts / (1 + holders)) * (rules.LONE if rules.is_lone(gram) else 1)


def _descend(
    seen: list[list[int]], rows: Sequence[Example], codes: list[str], worth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    number = {code: column for column, code in enumerate(codes)}
    weights, bias = np.zeros((len(worth), len(codes)), dtype=np.float32), np.zeros(len(codes))
    chance = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        rate = RATE / (1 + 0.3 * epoch)
        for at in chance.permutation(len(rows)):
            if not seen[at]:
                continue
            held = worth[seen[at]] / np.linalg.norm(worth[seen[at]])
            logits = held @ weights[seen[at]] + bias
            error = np.exp(logits - logits.max())
            error /= error.sum()
            error[number[rows[at][1]]] -= 1
            weights[seen[at]] -= np.outer(held, rate * rows[at][2] * error)
        weights *= 1 - DECAY
    return weights, bias


def save(arrays: dict[str, np.ndarray], folder: Path) -> None:
    """Write the arrays with fixed dates, so that the same weights give the same file, and their checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "prior.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, buffer.getvalue(), zipfile.ZIP_DEFLATED)
    (folder / "SHA256SUMS").write_text(f"{checksum(path)}  prior.npz\n", encoding="utf-8")


def main(_words: Sequence[str] = ()) -> int:
    """Learn and write; says from how much."""
    rows = examples()
    save(fit(rows), FOLDER)
    sys.stdout.write(f"learned from {len(rows)} texts: {FOLDER / 'prior.npz'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
