"""Agreement with the hand-labelled texts, run by ``make agreement``.

Two parts: two thirds that the lexicon was worked on with, and a third that nobody looked at before the end.
A text belongs to the held part when the number in its id is a multiple of three.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from otklik.content.agreement import agreement
from otklik.content.explanation import explain

FOLDER = Path(__file__).parent


def labelled(*, held: bool) -> list[dict]:
    """The labelled texts of one of the two parts."""
    lines = [json.loads(line) for part in "ab" for line in (FOLDER / f"part_{part}.jsonl").open(encoding="utf-8")]
    return [line for line in lines if (int(line["id"][1:]) % 3 == 0) == held]


def tone() -> list[dict]:
    """Texts labelled with emotions only, half of which express them by tone alone, without a word for it."""
    return [json.loads(line) for line in (FOLDER / "tone.jsonl").open(encoding="utf-8")]


def main() -> None:
    """Print a table a part."""
    for held in (False, True):
        lines = labelled(held=held)
        readings = [one.reading for one in explain([line["text"] for line in lines])]
        same = sum(one.language == line["language"] for one, line in zip(readings, lines, strict=True))
        name = "held out" if held else "worked on"
        sys.stdout.write(f"{name}: {len(lines)} texts, language right in {same}\n")
        for one in agreement(readings, lines):
            sys.stdout.write(
                f"  {one.group:9} precision {one.precision:.3f}  recall {one.recall:.3f}"
                f"  (right {one.right}, found {one.found}, labelled {one.labelled})\n"
            )
    lines = tone()
    found = agreement([one.reading for one in explain([line["text"] for line in lines])], lines)
    one = next(one for one in found if one.group == "emotion")
    sys.stdout.write(
        f"told by tone: {len(lines)} texts\n  emotion   precision {one.precision:.3f}  recall {one.recall:.3f}\n"
    )


if __name__ == "__main__":
    main()
