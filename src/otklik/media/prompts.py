"""Asks a model for pictures and words what a picture shows: an extra, for weights that the user brings.

No package ships such weights, so nothing here is on by default and none of its figures has been measured on trained
ones. A model is named as open_clip names it (``ViT-B-32/laion2b_s34b_b79k``, ``hf-hub:owner/name``), as a hub name
with ``siglip:`` before it, or as a folder that holds either. The scores are of two kinds, told in ``Asked.kind``:

* ``softmax`` (CLIP, Radford et al. 2021, https://arxiv.org/abs/2103.00020): shares of all prompts, negatives included;
  that of a sign is the sum over its prompts.
* ``sigmoid`` (SigLIP, Zhai et al. 2023, https://arxiv.org/abs/2303.15343): each prompt by itself; that of a sign is
  the greatest of its prompts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from otklik.content.taxonomy import SIGNS
from otklik.errors import ConfigurationError

Floats = NDArray[np.float64]
Picture = NDArray[np.uint8]
Kind = Literal["softmax", "sigmoid"]
Logits = Callable[[Sequence[Picture]], tuple[Floats, Kind]]
"""Logits (pictures, prompts) of a few pictures."""

FILE = "prompts.yaml"
MOST_PROMPTS = 1000
BATCH = 16
"""Pictures at once: bounded memory."""
LONGEST = 64
"""Tokens that SigLIP was trained on; shorter prompts are filled up to that."""
SIGLIP = "siglip:"
INSTALL = 'asking a model for pictures and words needs {package}: pip install "otklik[prompts]"'


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is asked: prompts by sign, and prompts that stand for none."""

    signs: tuple[tuple[str, tuple[str, ...]], ...]
    negatives: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them, in order, negatives last."""
        return tuple(text for _, texts in self.signs for text in texts) + self.negatives


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model answered.

    Attributes:
        model: as the user named it.
        kind: what the scores are, see the module.
        signs: the columns of ``scores``.
        scores: one row a picture, 0..1.
        best: for each picture the prompt that fits best, negatives included.
    """

    model: str
    kind: Kind
    signs: tuple[str, ...]
    scores: tuple[tuple[float, ...], ...]
    best: tuple[str, ...]


def read_prompts(path: Path | None = None) -> Prompts:
    """Prompts from a YAML file, or those that are shipped.

    Raises:
        ConfigurationError: when the file cannot be read or holds anything but lists of texts by sign.
    """
    try:
        text = (path or resources.files("otklik.media").joinpath(FILE)).read_text(encoding="utf-8")
        told = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise ConfigurationError("the prompts {path} cannot be read: {why}", path=path, why=str(error)) from None
    signs = told.get("signs") if isinstance(told, dict) else None
    if not isinstance(signs, dict) or not signs or any(name not in SIGNS for name in signs):
        raise ConfigurationError(
            "{path}: expected under signs lists of prompts by sign, each one of {known}",
            path=path or FILE, known=", ".join(SIGNS),
        )  # fmt: skip
    found = tuple((name, _texts(listed, name, path)) for name, listed in signs.items())
    prompts = Prompts(found, _texts(told.get("negatives") or [], "negatives", path))
    if len(prompts.texts) > MOST_PROMPTS:
        raise ConfigurationError(
            "{path} holds {n} prompts: at most {most} are asked", path=path, n=len(prompts.texts), most=MOST_PROMPTS
        )
    return prompts


def _texts(listed: Any, name: str, path: Path | None) -> tuple[str, ...]:
    is_right = isinstance(listed, list) and all(isinstance(one, str) and one.strip() for one in listed)
    if not is_right or (not listed and name != "negatives"):
        raise ConfigurationError("{path}: expected a list of texts under {name}", path=path or FILE, name=name)
    return tuple(one.strip() for one in listed)


def ask_prompts(pictures: Sequence[Picture], prompts: Prompts, model: str) -> Asked:
    """Ask a model which prompts fit pictures.

    Args:
        pictures: RGB, each of shape (height, width, 3), uint8.
        prompts: see :func:`read_prompts`.
        model: see the module.

    Raises:
        ConfigurationError: when a package is missing, or the model cannot be loaded.
    """
    logits_of = _opened(model, prompts.texts)
    rows: list[Floats] = []
    kind: Kind = "softmax"
    for at in range(0, len(pictures), BATCH):
        logits, kind = logits_of(pictures[at : at + BATCH])
        rows.extend(logits)
    logits = np.array(rows).reshape(len(pictures), len(prompts.texts))
    return Asked(
        model=model,
        kind=kind,
        signs=tuple(name for name, _ in prompts.signs),
        scores=tuple(tuple(round(float(one), 5) for one in row) for row in by_sign(logits, prompts, kind)),
        best=tuple(prompts.texts[int(row.argmax())] for row in logits),
    )


def by_sign(logits: Floats, prompts: Prompts, kind: Kind) -> Floats:
    """Scores by sign from logits by prompt.

    >>> two = Prompts((("mosque", ("a", "b")),), ("c", "d"))
    >>> by_sign(np.zeros((1, 4)), two, "softmax").tolist(), by_sign(np.zeros((1, 4)), two, "sigmoid").tolist()
    ([[0.5]], [[0.5]])
    """
    if kind == "softmax":
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
    else:
        shares = 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
    found, at = np.empty((len(logits), len(prompts.signs))), 0
    for column, (_, texts) in enumerate(prompts.signs):
        part = shares[:, at : at + len(texts)]
        found[:, column] = part.sum(axis=1) if kind == "softmax" else part.max(axis=1)
        at += len(texts)
    return found


def _opened(model: str, texts: Sequence[str]) -> Logits:
    """Load a model by its name or folder."""
    folder = Path(model).expanduser()
    try:
        if folder.is_dir():
            if (folder / "open_clip_config.json").is_file():
                return _open_clip(f"local-dir:{folder}", None, texts)
            if (folder / "config.json").is_file():
                return _transformers(str(folder), texts)
            raise ConfigurationError(
                "the folder {folder} holds no model: expected open_clip_config.json or config.json", folder=folder
            )
        if model.startswith(SIGLIP):
            return _transformers(model.removeprefix(SIGLIP), texts)
        if model.startswith("hf-hub:"):
            return _open_clip(model, None, texts)
        name, _, weights = model.partition("/")
        if not weights:
            raise ConfigurationError(
                "{model!r} names no weights: expected a folder, hf-hub:owner/name, siglip:owner/name, "
                "or a name such as ViT-B-32/laion2b_s34b_b79k",
                model=model,
            )
        return _open_clip(name, weights, texts)
    except ConfigurationError:
        raise
    except Exception as error:  # whatever two large libraries and a hub may raise
        raise ConfigurationError(
            "the model {model} cannot be loaded ({why}): check its name, the folder or the connection to the hub",
            model=model,
            why=f"{type(error).__name__}: {error}".partition("\n")[0][:300],
        ) from error


def _open_clip(name: str, weights: str | None, texts: Sequence[str]) -> Logits:
    try:
        import open_clip
        import torch
    except ImportError:
        raise ConfigurationError(INSTALL, package="open_clip_torch") from None
    network, preprocess = open_clip.create_model_from_pretrained(name, pretrained=weights)
    network.eval()
    tokens = open_clip.get_tokenizer(name)(list(texts))
    with torch.no_grad():
        words = network.encode_text(tokens, normalize=True)
    bias = getattr(network, "logit_bias", None)
    kind: Kind = "softmax" if bias is None else "sigmoid"

    def logits_of(pictures: Sequence[Picture]) -> tuple[Floats, Kind]:
        from PIL import Image

        batch = torch.stack([preprocess(Image.fromarray(picture)) for picture in pictures])
        with torch.no_grad():
            likeness = network.encode_image(batch, normalize=True) @ words.T
            logits = network.logit_scale.exp() * likeness + (0 if bias is None else bias)
        return np.asarray(logits.double().numpy(), np.float64), kind

    return logits_of


def _transformers(name: str, texts: Sequence[str]) -> Logits:
    try:
        import torch
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
    except ImportError:
        raise ConfigurationError(INSTALL, package="transformers") from None
    network = AutoModel.from_pretrained(name).eval()
    prepare = AutoImageProcessor.from_pretrained(name)
    kind: Kind = "sigmoid" if hasattr(network, "logit_bias") else "softmax"
    fill = {"padding": "max_length", "max_length": LONGEST} if kind == "sigmoid" else {"padding": True}
    tokens = AutoTokenizer.from_pretrained(name)(list(texts), truncation=True, return_tensors="pt", **fill)
    words = {key: tokens[key] for key in ("input_ids", "attention_mask") if key in tokens and kind == "softmax"}
    words = words or {"input_ids": tokens["input_ids"]}

    def logits_of(pictures: Sequence[Picture]) -> tuple[Floats, Kind]:
        pixels = prepare(images=list(pictures), return_tensors="pt")["pixel_values"]
        with torch.no_grad():
            logits = network(**words, pixel_values=pixels).logits_per_image
        return np.asarray(logits.double().numpy(), np.float64), kind

    return logits_of
