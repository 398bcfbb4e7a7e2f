"""The page of the board: one document with its own style and a dozen lines of script, and the part that is renewed."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape

from otklik.alerts import plain
from otklik.board import words
from otklik.board.health import health
from otklik.board.rows import posts
from otklik.board.state import State
from otklik.board.style import STYLE
from otklik.language import LANGUAGES, moment, number, t

REFRESH_S = 15
LONGEST_FAULT = 1000
"""Characters of an error: a path in it may be anybody's."""
SCRIPT = """
(function () {
  var live = document.getElementById("live"), down = document.getElementById("down"), every = live.dataset.every * 1000;
  function renew() {
    if (document.hidden) return;
    fetch("/live" + location.search, {cache: "no-store"}).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (html) {
      var at = document.activeElement && document.activeElement.id;
      live.innerHTML = html;
      down.hidden = true;
      if (at && document.getElementById(at)) document.getElementById(at).focus();
    }).catch(function () { down.hidden = false; });
  }
  setInterval(renew, every);
  document.addEventListener("visibilitychange", renew);
})();
"""


def page(state: State, lang: str, nonce: str) -> str:
    """The whole document.

    Args:
        state: what is shown.
        lang: language of the words.
        nonce: lets this document's own style and script through the content security policy, and no other.
    """
    name = t("Board", lang)
    links = " ".join(_language(one, lang) for one in LANGUAGES)
    down = t("The board does not answer: what stands below is not renewed. Is `otklik board` still running?", lang)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f'<noscript><meta http-equiv="refresh" content="{2 * REFRESH_S}"></noscript>'
        f'<link rel="icon" href="data:,"><title>{escape(name)} · otklik</title>'
        f'<style nonce="{escape(nonce)}">{STYLE}</style></head><body>'
        f'<header class="top"><p class="over">otklik · {escape(name)}</p><nav>{links}</nav></header>'
        f'<p class="warning" id="down" role="alert" hidden>{escape(down)}</p>'
        f'<main id="live" data-every="{REFRESH_S}">{live(state, lang)}</main>'
        f'<footer>{_footer(lang)}</footer><script nonce="{escape(nonce)}">{SCRIPT}</script></body></html>\n'
    )


def live(state: State, lang: str) -> str:
    """The part that is renewed."""
    return f"{_head(state, lang)}{posts(state, lang)}{health(state, lang)}"


def _language(one: str, lang: str) -> str:
    here = ' aria-current="true"' if one == lang else ""
    return f'<a id="lang-{one}" href="?lang={one}" lang="{one}" hreflang="{one}"{here}>{one.upper()}</a>'


def _head(state: State, lang: str) -> str:
    made = f'<p class="made">{escape(t("Simulated data.", lang))}</p>' if state.is_simulated else ""
    followed = sum(one.followed for one in state.looks)
    as_of = t("as of {at}", lang, at=words.clock(state.as_of, state.zone))
    tiles = [
        (number(followed, lang), t("posts followed", lang)),
        (number(state.n_posts, lang), t("of them up to {hours} h old", lang, hours=number(state.until_h, lang))),
        (_last(state.last_pass, state, lang), t("last pass", lang)),
    ]
    shown = "".join(f"<li><b>{escape(value)}</b>{escape(name)}</li>" for value, name in tiles)
    return (
        f'<div class="head">{made}<h1>{escape(t("Followed posts", lang))} <small>{escape(as_of)}</small></h1>'
        f'{_stale(state, lang)}<ul class="tiles">{shown}</ul></div>'
    )


def _last(at: datetime | None, state: State, lang: str) -> str:
    if at is None:
        return "—"
    ago = max(0.0, (state.as_of - at).total_seconds() / 3600)
    return t("{age} ago", lang, age=words.age(ago, lang))


def _stale(state: State, lang: str) -> str:
    if not state.is_stale:
        return ""
    if state.last_pass is None:
        told = t("No pass was made yet: `otklik collect` makes one.", lang)
    else:
        at = moment(state.last_pass, state.zone, lang)
        told = t("Stale: the last pass was made on {at}. What is shown may have gone on since.", lang, at=at)
    return f'<p class="warning" role="status">{escape(told).replace("`", "")}</p>'


METHODS = (
    "Pace is views an hour between the last look and the one an hour before it; for a post younger than an hour, "
    "since publication.",
    "The usual is the median of the author's last 20 posts of the same kind, counted by the same rule, at the same "
    "age; n says how many of them were looked at near it. With fewer than 10 no multiple is told.",
    "The band holds the middle half of those posts (25 – 75 %).",
    "A forecast's range holds 8 of 10 posts where it is calibrated. It is an estimate of otklik's, not a number of the "
    "platform.",
    "The page only reads, and only this machine can open it.",
)
"""What the words on the page mean."""


def _footer(lang: str) -> str:
    items = "".join(f"<li>{escape(t(one, lang))}</li>" for one in METHODS)
    return f"<details><summary>{escape(t('What the words mean', lang))}</summary><ul>{items}</ul></details>"


def fault(words_of_error: str, lang: str) -> str:
    """A page that says why there is none."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}"><head><meta charset="utf-8">'
        f'<noscript><meta http-equiv="refresh" content="{2 * REFRESH_S}"></noscript>'
        f"<title>otklik</title></head><body><p>{escape(plain(words_of_error, LONGEST_FAULT))}</p></body></html>\n"
    )


def state_json(state: State) -> str:
    """The same for a machine."""
    return json.dumps(state.to_dict(), ensure_ascii=True, allow_nan=False)
