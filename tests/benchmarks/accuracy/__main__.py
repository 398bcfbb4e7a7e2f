"""The rivals' bench as a command: ``PYTHONPATH=tests python -m benchmarks.accuracy --data DIR``.

Rerun it after any change of the model: rows, folds and seeds stay, only ours changes. FLAML stops by the clock, so
its figures move a little with the load of the machine.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.accuracy import cold, million, tables
from benchmarks.accuracy.examples import read
from benchmarks.accuracy.running import RIVALS, Options, Result, judge
from otklik.errors import OtklikError
from otklik.models.trees import MANY_ROUNDS


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    names = [rival.name for rival in RIVALS]
    parser.add_argument("--data", type=Path, action="append", default=[], help="a folder in the import format")
    parser.add_argument("--target", default="views_24h")
    parser.add_argument("--zone", default="Asia/Seoul", help="the audience's time zone")
    parser.add_argument("--only", default="", help=f"of {', '.join(names)}, intervals; commas between")
    parser.add_argument("--quick", action="store_true", help="the last fold only, FLAML for 10 s")
    parser.add_argument("--flaml-seconds", type=float, default=60.0)
    parser.add_argument("--flaml-once", action="store_true", help="search on the first fold, refit on the others")
    parser.add_argument("--threads", type=int, default=int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    parser.add_argument("--json", type=Path, help="all rows to this file")
    parser.add_argument("--cold", action="store_true", help="drafts of authors with few past posts instead")
    parser.add_argument("--million", action="store_true", help="time and memory on simulated rows instead")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--features", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=MANY_ROUNDS)
    told = parser.parse_args()
    told.only = tuple(name for name in told.only.split(",") if name)
    strange = sorted(set(told.only) - {*names, "intervals"})
    if strange:
        parser.error(f"there is no rival {', '.join(strange)}: choose of {', '.join(names)}, intervals")
    if not told.data and not told.million:
        parser.error("name a folder with posts and snapshots by --data, or ask for --million")
    return told


def main() -> int:
    told = arguments()
    if told.million:
        for line in million.report(told.rows, told.features, told.rounds, told.threads):
            print(line, flush=True)
        return 0
    if told.cold:
        return cold_starts(told)
    options = Options(
        told.threads, 10.0 if told.quick else told.flaml_seconds, not told.flaml_once, told.only, told.quick
    )
    results: list[Result] = []
    for folder in told.data:
        began = time.perf_counter()
        try:
            results.append(judge(read(folder, told.target, told.zone), options, progress))
        except OtklikError as error:
            print(error, file=sys.stderr)
            return 1
        print("\n".join(tables.report(results[-1])))
        print(f"\n{time.perf_counter() - began:.0f} s for this set\n", flush=True)
    if told.json:
        told.json.write_text(json.dumps([plain(result) for result in results], indent=1, allow_nan=False), "utf-8")
    return 0


def cold_starts(told: argparse.Namespace) -> int:
    """The cold-start table of each data set, as text and, where asked for, as rows of JSON."""
    results: list[dict[str, Any]] = []
    for folder in told.data:
        began = time.perf_counter()
        try:
            data = cold.read(folder, told.target, told.zone)
            rows = cold.table_rows(cold.cold_start(data, quick=told.quick))
        except OtklikError as error:
            print(error, file=sys.stderr)
            return 1
        print("\n".join(cold.report(data.data, told.target, rows)))
        print(f"\n{time.perf_counter() - began:.0f} s for this set\n", flush=True)
        results.append({"data": data.data, "cold": [known(row) for row in rows]})
    if told.json:
        told.json.write_text(json.dumps(results, indent=1, allow_nan=False), "utf-8")
    return 0


def progress(stage: str) -> None:
    print(stage, file=sys.stderr, flush=True)


def plain(result: Result) -> dict[str, Any]:
    """As JSON types."""
    return {
        "data": result.data,
        "errors": [known(row) for row in result.errors],
        "widths": [known(row) for row in result.widths],
        "seconds": {name: asdict(clock) for name, clock in result.clocks.items()},
        "missing": result.missing,
    }


def known(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON types; a figure that cannot be computed is null."""
    return {name: None if value != value else value for name, value in row.items()}


if __name__ == "__main__":
    # Rivals warn of names of columns and of their own futures: none of it is about the figures.
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    sys.exit(main())
