"""Texts that nobody should have to read: fixed ones by name, and strategies that make more."""

from __future__ import annotations

from hypothesis import strategies as st

HOSTILE = {
    "empty": "",
    "blanks": " \n\t \u00a0\u2003",
    "long": "Казань, я люблю твои мечети! " * 3_500,
    "one long word": "я" * 100_000,
    "one long hashtag": "#" + "Казань" * 16_000,
    "only emoji": "😍🔥🤡👨‍👩‍👧‍👦🏳️‍🌈🇷🇺" * 40,
    "mixed scripts": "Казань 나의 도시 مسجد Kazan 喀山 Казань ქართული",
    "homoglyphs": "Kaзaнь и Mocквa, мeчeть Кyл-Шapиф",
    "direction": "\u202eКазань\u202c \u2066город\u2069 \u200fمسجد\u200e \u202dx",
    "zero width": "К\u200bа\u200cз\u200dа\u2060н\ufeffь\u00ad",
    "script": "<script>alert('Казань')</script><img src=x onerror=alert(1)>\"><svg/onload=x>",
    "open tags": "<a href='" * 2_000 + "<!-- " * 2_000,
    "attribute": '" onmouseover="alert(1)" x=\'Казань\' `',
    "entities": "&lt;b&gt; &amp;amp; &#1050;азань &#0; &#9999999; &#xD800; &nosuch; &",
    "control": "".join(map(chr, range(0x20))) + "\x7f\x85\x9bКазань\u2028\u2029",
    "lone surrogates": "\ud83d Казань \ude00\ud800",
    "stress": "Каза\u0301нь, го\u0301род, люби\u0300мый, Е\u0308лка",
    "stacked marks": "К" + "\u0301\u0336\u20dd" * 200 + "азань",
    "shouted": "ГОРЖУСЬ КАЗАНЬЮ!!! МЫ ТАТАРЫ!!!",
    "l33t": "К4з4нь k@zan м3ч3ть 1337 2O77",
    "links": "[club1|Казань] [id1|Тукай] [club1| https://vk.ru/x?y=<z> www.",
    "quotes": "«" * 3_000 + "Казань" + "»" * 3_000,
    "marks only": "\u0301\u0308\u200d\ufe0f",
    "ligatures": "ﷺ İstanbul ŉ ﬁn ǆ ß ẞ K Å ℌ ½ ²",
    "template": "{text} %s {0.__class__} $(id) ${x} \\N{BELL}",
}
"""Texts by what is wrong with them."""

_WORDS = (
    "Казань", "казани", "#МояКазань", "мечеть", "Кул-Шариф", "горжусь", "наш", "город", "не", "очень", "любовь", "<b>",
    "</b>", "&amp;", "[club1|", "]", "http://x.example", "2100", "неон", "Тукай", "🤡", "😍", "спасибо", "мэрии", "...",
    "К-а-з-а-н-ь", "«Кама»", "Moscow", "Idaho", "ID", "улица", "Ленина", "Мы", "татары", "из", "у", "нас", "в", ",",
    "!", "\u202e", "\u200b", "ﷺ", "İ", "шәһәребез", "халкым", "Каза\u0301нь", "K4zan", "\ud83d", "<script>",
)  # fmt: skip


def _glued(words: list[str]) -> st.SearchStrategy[str]:
    gaps = st.lists(st.sampled_from(["", " ", "\n", "-", ", "]), min_size=len(words), max_size=len(words))
    return gaps.map(lambda chosen: "".join(word + gap for word, gap in zip(words, chosen, strict=True)))


texts = st.one_of(
    st.text(max_size=80),
    st.text(
        st.sampled_from("Казань КАЗkazan034@$#<>&;[]|/«»\"'!?.,-_*\n\u0301\u0306\u200b\u202e😍🤡🔥\ud83dёәҙ1"),
        max_size=60,
    ),
    st.lists(st.sampled_from(_WORDS), max_size=14).flatmap(_glued),
)
"""Any text, texts of awkward characters, and texts of words that mean something."""
