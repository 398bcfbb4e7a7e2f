"""What ``make lexicon`` and its kin run: compile the sources, read GeoNames anew, take reference quantiles."""

from __future__ import annotations

import sys
from pathlib import Path

from otklik.content.building import geonames, reference
from otklik.content.building.compile import compiled
from otklik.content.formula import FILE as REFERENCE
from otklik.content.lexicon import FILE

FOLDER = Path(__file__).parents[1]


def main(arguments: list[str]) -> None:
    """Write the compiled lexicon; ``--geonames`` before it, ``--reference FOLDER NAME`` in its place."""
    if "--geonames" in arguments:
        sys.stdout.write(f"{geonames.write(FOLDER / 'sources')} settlements\n")
    if "--reference" in arguments:
        import pandas as pd

        folder, name = arguments[arguments.index("--reference") + 1 :][:2]
        texts = pd.read_parquet(Path(folder) / "posts.parquet", columns=["text"])["text"].dropna()
        n = reference.write(texts, name, FOLDER / REFERENCE)
        sys.stdout.write(f"{REFERENCE}: {n:,} texts\n")
        return
    packed = compiled(FOLDER / "sources")
    (FOLDER / FILE).write_bytes(packed)
    sys.stdout.write(f"{FILE}: {len(packed):,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
