"""Prompts are asked of real models with random weights: trained ones are the user's to bring."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from otklik.content.taxonomy import SIGNS
from otklik.errors import ConfigurationError
from otklik.media.prompts import Prompts, ask_prompts, by_sign, read_prompts

TWO = Prompts((("mosque", ("a mosque", "a minaret")), ("food", ("a pie",))), ("a room",))
SMALL_CLIP = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 8, "head_width": 32},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}


def pictures(n: int = 3) -> list[np.ndarray]:
    made = np.random.default_rng(0)
    return [made.integers(0, 255, (40 + i, 60, 3), dtype=np.uint8) for i in range(n)]


def needs(name: str):
    return pytest.importorskip(
        name, reason=f'{name} is not installed: pip install "otklik[prompts]"', exc_type=ImportError
    )


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A folder with an open_clip model of random weights."""
    open_clip, torch, safetensors = needs("open_clip"), needs("torch"), needs("safetensors.torch")
    torch.manual_seed(0)
    settings = {"model_cfg": SMALL_CLIP, "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3}}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(settings))
    safetensors.save_file(open_clip.CLIP(**SMALL_CLIP).state_dict(), tmp_path / "open_clip_model.safetensors")
    return tmp_path


@pytest.fixture
def siglip(tmp_path: Path) -> Path:
    """A folder with a SigLIP of random weights and a tokenizer of a few words."""
    hub, tokenizers, torch = needs("transformers"), needs("tokenizers"), needs("torch")
    torch.manual_seed(0)
    words = {word: i for i, word in enumerate(["<pad>", "<unk>", "a", "mosque", "minaret", "pie", "room"])}
    split = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="<unk>"))
    split.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    hub.PreTrainedTokenizerFast(tokenizer_object=split, pad_token="<pad>", unk_token="<unk>").save_pretrained(tmp_path)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = {**small, "vocab_size": 16, "max_position_embeddings": 64, "projection_size": 16}
    settings = hub.SiglipConfig(text_config=text, vision_config={**small, "image_size": 32, "patch_size": 8})
    hub.SiglipModel(settings).save_pretrained(tmp_path)
    hub.SiglipImageProcessor(size={"height": 32, "width": 32}).save_pretrained(tmp_path)
    return tmp_path


def test_an_open_clip_folder_answers_each_picture_in_shares_of_all_prompts(clip: Path):
    asked = ask_prompts(pictures(), TWO, str(clip))
    assert (asked.kind, asked.signs) == ("softmax", ("mosque", "food"))
    assert np.shape(asked.scores) == (3, 2)
    assert all(0 < sum(row) < 1 for row in asked.scores)
    assert set(asked.best) <= set(TWO.texts)
    assert ask_prompts(pictures(), TWO, str(clip)) == asked


def test_many_pictures_are_answered_as_each_of_them(clip: Path):
    together = ask_prompts(pictures(20), TWO, str(clip))
    alone = ask_prompts(pictures(20)[17:18], TWO, str(clip))
    np.testing.assert_allclose(together.scores[17], alone.scores[0], atol=2e-5)
    assert ask_prompts([], TWO, str(clip)).scores == ()


def test_a_siglip_folder_answers_each_prompt_by_itself(siglip: Path):
    asked = ask_prompts(pictures(), TWO, str(siglip))
    assert asked.kind == "sigmoid"
    assert np.shape(asked.scores) == (3, 2)
    assert all(0 < score < 1 for row in asked.scores for score in row)


def test_a_model_that_cannot_be_loaded_is_a_sentence(clip: Path):
    (clip / "open_clip_model.safetensors").write_bytes(b"damaged")
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        ask_prompts(pictures(), TWO, str(clip))
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        ask_prompts(pictures(), TWO, "NoSuchNet/none")


@pytest.mark.parametrize(
    ("name", "package"), [("ViT-B-32/laion2b_s34b_b79k", "open_clip_torch"), ("siglip:google/x", "transformers")]
)
def test_without_the_packages_the_extra_is_named(name, package):
    code = (
        "import sys, numpy as np\n"
        "for name in ('open_clip', 'transformers', 'torch'): sys.modules[name] = None\n"
        "from otklik.media.prompts import ask_prompts, read_prompts\n"
        f"ask_prompts([np.zeros((9, 9, 3), np.uint8)], read_prompts(), {name!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (
        f'ConfigurationError: asking a model for pictures and words needs {package}: pip install "otklik[prompts]"'
        in (done.stderr)
    )


def test_a_name_without_weights_and_an_empty_folder_are_refused(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="names no weights"):
        ask_prompts([], TWO, "ViT-B-32")
    with pytest.raises(ConfigurationError, match="holds no model"):
        ask_prompts([], TWO, str(tmp_path))


def test_the_shipped_prompts_ask_for_every_sign_and_for_none():
    shipped = read_prompts()
    assert {name for name, _ in shipped.signs} == set(SIGNS)
    assert "Kazan Kremlin, cyberpunk" in shipped.texts
    assert len(shipped.negatives) >= 5
    assert len(set(shipped.texts)) == len(shipped.texts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("signs: {castle: [a castle]}", "each one of mosque"),
        ("signs: {mosque: a mosque}", "list of texts under mosque"),
        ("signs: {mosque: []}", "list of texts under mosque"),
        ("signs: {mosque: [1]}", "list of texts under mosque"),
        ("signs: {mosque: [a]}\nnegatives: {a: b}", "list of texts under negatives"),
        ("- a", "expected under signs"),
        ("signs: [", "cannot be read"),
        ("signs: {mosque: [" + "a, " * 1001 + "]}", "at most 1000"),
    ],
)
def test_prompts_that_are_written_wrong_are_refused(tmp_path: Path, text, message):
    file = tmp_path / "prompts.yaml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        read_prompts(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_prompts(tmp_path / "none.yaml")


def test_the_shares_of_a_sign_are_summed_and_its_likelihoods_are_not():
    logits = np.log(np.array([[1.0, 2.0, 3.0, 4.0]]))
    np.testing.assert_allclose(by_sign(logits, TWO, "softmax"), [[0.3, 0.3]])
    np.testing.assert_allclose(by_sign(logits, TWO, "sigmoid"), [[2 / 3, 3 / 4]])
