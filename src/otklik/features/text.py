"""The plain form of a text: how long, how loud, in which script. What it says comes from other groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from otklik.features.catalog import Columns, Context, Feature

_TITLE = "title"
_TEXT = "text"

_DECLARED = (
    ("title_n_chars", "chars", "Length of the title."),
    ("title_n_words", "words", "Words in the title."),
    ("title_n_hashtags", "1", "Hashtags in the title."),
    ("title_n_emoji", "1", "Emoji in the title."),
    ("title_n_exclamations", "1", "Exclamation marks in the title."),
    ("title_n_questions", "1", "Question marks in the title."),
    ("title_n_digits", "1", "Digits in the title."),
    ("title_n_quotes", "1", "Quotation marks and brackets in the title."),
    ("title_capitals_share", "0..1", "Capital letters among the letters of the title that have a case."),
    ("title_cyrillic_share", "0..1", "Cyrillic letters among the letters of the title."),
    ("title_latin_share", "0..1", "Latin letters among the letters of the title."),
    ("title_other_share", "0..1", "Letters of any other script among the letters of the title."),
    ("text_n_chars_log", "log chars", "Length of the text or description, log(1 + n)."),
    ("text_n_lines", "1", "Lines of the text."),
    ("text_n_hashtags", "1", "Hashtags in the text."),
    ("text_n_emoji", "1", "Emoji in the text."),
    ("text_n_exclamations", "1", "Exclamation marks in the text."),
    ("text_n_questions", "1", "Question marks in the text."),
    ("text_n_links", "1", "Web addresses in the text."),
    ("text_n_mentions", "1", "Mentions of people or communities in the text."),
    ("text_capitals_share", "0..1", "Capital letters among the letters of the text that have a case."),
    ("n_tags", "1", "Tags given beside the title."),
    ("duration_s_log", "log s", "Length of the video, log(1 + seconds)."),
)
FEATURES = tuple(Feature(f"text__{what}", unit, doc) for what, unit, doc in _DECLARED)

# Emoji live in these blocks (Unicode 16, emoji-data); skin tones and joiners are parts of one emoji.
_EMOJI = r"[\U0001F300-\U0001F3FA\U0001F400-\U0001FAFF\u2600-\u27BF]"
_HASHTAG = r"#\w+"
_LINK = r"https?://|www\."
_MENTION = r"@\w+|\[(?:id|club|public)\d+\|"
_CYRILLIC = r"[\u0400-\u052F]"
_LATIN = r"[A-Za-z\u00C0-\u024F]"
_LETTER = r"[^\W\d_]"


def compute(context: Context) -> Columns:
    """Text features of each example; a post without a title or text has NaN there, not 0."""
    title, text = context.column(_TITLE), context.column(_TEXT)
    seconds = context.column("duration_s").to_numpy(np.float64, na_value=np.nan)
    tags = context.column("tags")
    return {
        **{f"text__title_{name}": values for name, values in _title(title).items()},
        **{f"text__text_{name}": values for name, values in _body(text).items()},
        "text__n_tags": np.where(tags.isna(), np.nan, _count(tags, ",") + (tags.fillna("").str.len() > 0)),
        "text__duration_s_log": np.log1p(seconds),
    }


def _title(title: pd.Series) -> Columns:
    letters = _count(title, _LETTER)
    cyrillic, latin = _count(title, _CYRILLIC), _count(title, _LATIN)
    return {
        "n_chars": title.str.len().to_numpy(np.float64, na_value=np.nan),
        "n_words": _count(title, r"\w+"),
        "n_hashtags": _count(title, _HASHTAG),
        "n_emoji": _count(title, _EMOJI),
        "n_exclamations": _count(title, "[!！]"),
        "n_questions": _count(title, "[?？]"),
        "n_digits": _count(title, r"\d"),
        "n_quotes": _count(title, r"[\"'«»“”„‘’\[\]()【】]"),
        "capitals_share": _capitals(title),
        "cyrillic_share": _share(cyrillic, letters),
        "latin_share": _share(latin, letters),
        "other_share": _share(letters - cyrillic - latin, letters),
    }


def _body(text: pd.Series) -> Columns:
    return {
        "n_chars_log": np.log1p(text.str.len().to_numpy(np.float64, na_value=np.nan)),
        "n_lines": _count(text, "\n") + 1,
        "n_hashtags": _count(text, _HASHTAG),
        "n_emoji": _count(text, _EMOJI),
        "n_exclamations": _count(text, "[!！]"),
        "n_questions": _count(text, "[?？]"),
        "n_links": _count(text, _LINK),
        "n_mentions": _count(text, _MENTION),
        "capitals_share": _capitals(text),
    }


def _count(texts: pd.Series, pattern: str) -> np.ndarray:
    return texts.str.count(pattern).to_numpy(np.float64, na_value=np.nan)


def _capitals(texts: pd.Series) -> np.ndarray:
    upper = texts.map(lambda text: sum(map(str.isupper, text)), na_action="ignore").to_numpy(
        np.float64, na_value=np.nan
    )
    lower = texts.map(lambda text: sum(map(str.islower, text)), na_action="ignore").to_numpy(
        np.float64, na_value=np.nan
    )
    return _share(upper, upper + lower)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part of the whole; NaN where there is no whole to take a share of."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
