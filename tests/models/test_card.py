"""A model folder is text that was not changed by hand, or it is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from otklik.dataset.examples import at_age
from otklik.errors import ConfigurationError, StorageError
from otklik.features import assemble
from otklik.models.card import author_checksum, load, save


@pytest.fixture
def folder(model_dir: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "model"
    shutil.copytree(model_dir, copy)
    return copy


def change_card(folder: Path, **changes: object) -> None:
    card = folder / "card.json"
    card.write_text(json.dumps({**json.loads(card.read_text("utf-8")), **changes}), "utf-8")


def test_a_folder_saved_again_forecasts_the_same(folder, tmp_path, corpus):
    model = load(folder)
    save(tmp_path / "again", model)
    again = load(tmp_path / "again")
    assert again.card == model.card
    for name, forecaster in model.forecasters.items():
        rows = np.arange(0, len(corpus), 50)
        table = assemble(corpus, at_age(corpus, rows, 3.0), target=forecaster.target, zone="UTC")
        for which, said in forecaster.predict(table).items():
            np.testing.assert_allclose(
                again.forecasters[name].predict(table)[which].quantiles, said.quantiles, atol=1e-3
            )


def test_the_card_says_on_what_until_when_and_how_well(folder, cohort):
    card = load(folder).card
    assert card.trained_on[0]["n_posts"] == len(cohort.posts)
    assert card.trained_until <= cohort.posts["published_at"].max().to_pydatetime()
    assert {"otklik", "author_median"} <= {row["model"] for row in card.metrics}
    assert card.must_not
    assert set(card.targets) == {"views_24h", "reactions_24h", "shares_24h"}
    assert author_checksum("youtube", "author_0001") in card.authors


def test_everything_in_the_folder_is_text(folder):
    for file in folder.iterdir():
        file.read_text("utf-8")
        assert file.suffix in (".json", ".txt")


def test_a_missing_card_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigurationError, match=r"expected a folder with card.json, made by `otklik train"):
        load(tmp_path)


def test_a_card_changed_by_hand_is_refused(folder):
    change_card(folder, trained_until="2030-01-01T00:00:00+00:00")
    with pytest.raises(ConfigurationError, match="was changed after training or is damaged"):
        load(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null"])
def test_a_damaged_card_is_refused(folder, text):
    (folder / "card.json").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match="is damaged"):
        load(folder)


def test_a_card_of_another_format_is_refused(folder):
    change_card(folder, format=99)
    with pytest.raises(ConfigurationError, match="has the format 99"):
        load(folder)


def test_a_booster_that_was_changed_or_is_gone_is_refused(folder):
    booster = next(folder.glob("*.location.*.txt"))
    text = booster.read_text("utf-8")
    booster.write_text(text.replace("leaf_value=", "leaf_value= "), "utf-8")
    with pytest.raises(ConfigurationError, match="is not the one that its card describes"):
        load(folder)
    booster.unlink()
    with pytest.raises(ConfigurationError, match="is missing"):
        load(folder)


def test_a_folder_that_cannot_be_written_is_said(folder, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        save(tmp_path / "file" / "model", load(folder))
