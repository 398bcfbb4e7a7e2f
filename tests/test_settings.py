"""A flag beats the environment, the environment the file, the file the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from otklik.errors import ConfigurationError
from otklik.settings import DECLARED, resolve


def test_the_nearest_place_wins(tmp_path: Path):
    (tmp_path / "otklik.toml").write_text('zone = "Asia/Omsk"\n', "utf-8")
    here = {"workspace": tmp_path}
    assert resolve({"workspace": tmp_path / "other"}, {}).zone == "Europe/Moscow"
    assert resolve(here, {}).zone == "Asia/Omsk"
    assert resolve(here, {"OTKLIK_ZONE": "Asia/Tomsk"}).zone == "Asia/Tomsk"
    assert resolve({**here, "zone": "UTC"}, {"OTKLIK_ZONE": "Asia/Tomsk"}).zone == "UTC"


def test_the_store_is_in_the_workspace_unless_set(tmp_path: Path):
    assert resolve({"workspace": tmp_path}, {}).store == str(tmp_path / "store.sqlite")
    assert resolve({}, {"OTKLIK_STORE": "postgresql://a:b@c/d"}).store == "postgresql://a:b@c/d"


def test_a_secret_is_not_shown():
    assert "hunter2" not in repr(resolve({}, {"OTKLIK_STORE": "postgresql://a:hunter2@c/d"}))
    assert [setting.name for setting in DECLARED if setting.is_secret] == ["store"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("zone = ", "is not a readable TOML file"),
        ('zoen = "UTC"', "sets 'zoen', which is no setting: zone?"),
        ("zone = 3", "sets zone to 3: expected text in quotes"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, text, message):
    (tmp_path / "otklik.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=message):
        resolve({"workspace": tmp_path}, {})


def test_the_language_is_that_of_the_system_unless_asked():
    assert resolve({}, {"LANG": "ru_RU.UTF-8"}).lang == "ru"
    assert resolve({}, {"LANG": "ru_RU.UTF-8", "OTKLIK_LANG": "en"}).lang == "en"
    assert resolve({}, {}).lang == "en"
    with pytest.raises(ConfigurationError, match="there is no language 'tt'"):
        resolve({"lang": "tt"}, {})
