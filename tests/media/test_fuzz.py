"""Mutated files of many kinds: no crash, no hang, no memory over 1.5 GB; only sentences."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from films import CONTAINERS, colours, make_film, make_sound, tone
from PIL import Image

N_EACH = 34
"""Mutations of each of 18 seeds: 612 files."""
MOST_S = 1500
WORKER = """
import json, re, sys
from pathlib import Path
from otklik.errors import OtklikError
from otklik.media.guard import MOST_BYTES, limit_memory
limit_memory(MOST_BYTES)
from otklik.media.screening import screen
told = 0
for line in Path(sys.argv[1]).read_text().splitlines():
    print("now", line, flush=True)
    try:
        screen(Path(line))
    except OtklikError:
        told += 1
# Not getrusage: there Linux counts the peak of whoever started this process as its own.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps({"told": told, "kb": int(peak[1])}))
"""


def seeds(folder: Path) -> list[Path]:
    """One small file of each kind."""
    made = [
        make_film(folder / name, seconds=1.2, codec=codec, audio=audio, options=options, size=(96, 64))
        for name, (codec, audio, options) in CONTAINERS.items()
    ]
    frames = [Image.fromarray(colours(at, (96, 64))) for at in np.arange(0, 1, 0.25)]
    frames[0].save(folder / "a.jpg")
    frames[0].save(folder / "a.png")
    frames[0].save(folder / "a.gif", save_all=True, append_images=frames[1:], duration=100)
    frames[0].save(folder / "a.webp", save_all=True, append_images=frames[1:], duration=100)
    return [*made, *(folder / f"a.{kind}" for kind in ("jpg", "png", "gif", "webp")),
            make_sound(folder / "a.flac", tone(1.5), "flac")]  # fmt: skip


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Bytes changed, cut, doubled or moved; headers more often than the rest."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 3, 10, 60))):
        near = 400 if dice.random() < 0.5 else len(out)
        at = dice.randrange(min(near, len(out)))
        kind = dice.randrange(6)
        if kind < 3:
            out[at] = dice.choice((0, 255, 127, 128, dice.randrange(256)))
        elif kind == 3:
            out[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
        elif kind == 4:
            del out[at : at + dice.choice((1, 7, 300))]
        else:
            out[at:at] = out[at : at + dice.choice((4, 64, 500))]
        if len(out) < 2:
            return bytes(data[:1])
    return bytes(out)


@pytest.mark.slow
def test_no_mutated_file_crashes_hangs_or_eats_memory(tmp_path: Path):
    dice = random.Random(2100)
    files = []
    for seed in seeds(tmp_path):
        for number in range(N_EACH):
            path = tmp_path / f"{number}-{seed.name}"
            path.write_bytes(mutated(seed.read_bytes(), dice))
            files.append(str(path))
    assert len(files) >= 500
    (tmp_path / "list").write_text("\n".join(files))
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(tmp_path / "list")],
        capture_output=True, text=True, timeout=MOST_S, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    last = done.stdout.strip().splitlines()[-1]
    assert done.returncode == 0, f"{last}: {done.stderr[-2000:]}"
    print(f"\n{len(files)} mutated files: {last}")
    assert int(last.split('"kb": ')[1].rstrip("}")) < 1_500_000
