"""The style sheet of the pages: two themes, wide and narrow screens, and paper.

The colours of words hold at least 4.5 to 1 against their grounds in both themes (tests/report/test_page.py).
"""

from __future__ import annotations

LIGHT = {
    "paper": "#fbfaf7",
    "card": "#ffffff",
    "ink": "#1a1d23",
    "soft": "#5b616c",
    "line": "#dfdcd4",
    "grid": "#ebe8e1",
    "tint": "#eef5f4",
    "accent": "#0b6b6b",
    "down": "#7b6f63",
    "outer": "rgba(11,107,107,.15)",
    "inner": "rgba(11,107,107,.27)",
    "usual": "rgba(105,98,88,.20)",
    "warn": "#8a4b08",
}
"""Colours by name, for a light ground."""
DARK = {
    "paper": "#14171a",
    "card": "#1b1f23",
    "ink": "#e8eaed",
    "soft": "#a6adb8",
    "line": "#343a41",
    "grid": "#282d33",
    "tint": "#1b2a2b",
    "accent": "#6fd1cd",
    "down": "#a89c8f",
    "outer": "rgba(111,209,205,.16)",
    "inner": "rgba(111,209,205,.30)",
    "usual": "rgba(190,180,165,.22)",
    "warn": "#f0b36b",
}
"""The same for a dark one."""


def _tokens(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


_RULES = """
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.6 var(--font)}
.page{max-width:60rem;margin:0 auto;padding:clamp(1.2rem,4vw,3.5rem) clamp(1.1rem,4vw,2.5rem) 4rem}
.skip{position:absolute;left:-99rem;top:.5rem;background:var(--card);color:var(--ink);padding:.5rem 1rem;z-index:9}
.skip:focus{left:.5rem}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.2rem}
main:focus{outline:none}
h1{font-size:clamp(1.45rem,3.6vw,2.1rem);line-height:1.25;letter-spacing:-.015em;font-weight:650;margin:.25rem 0 .4rem;
overflow-wrap:anywhere;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.3;letter-spacing:-.01em;font-weight:650;margin:0 0 .8rem;text-wrap:balance}
h3{font-size:1.02rem;line-height:1.35;font-weight:650;margin:1.8rem 0 .5rem;overflow-wrap:anywhere}
p{margin:0 0 .8rem;max-width:42rem;overflow-wrap:anywhere}
section{margin:4rem 0 0;scroll-margin-top:1.5rem}
header+nav{margin-top:2.6rem}
.over,.soft,figcaption,.legend,.facts dt,footer{color:var(--soft)}
.over{font-size:.85rem;letter-spacing:.03em;margin:0 9rem 0 0}
.soft,figcaption,.small{font-size:.9rem;line-height:1.5}
figcaption{max-width:42rem;margin:.5rem 0 .6rem}
#theme{float:right;font:inherit;font-size:.85rem;color:var(--soft);background:transparent;border:1px solid var(--line);
border-radius:2rem;padding:.15rem .85rem;cursor:pointer}
#theme[aria-pressed=true]{color:var(--ink);border-color:var(--soft)}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;list-style:none;margin:0;padding:.8rem 0;font-size:.9rem;
border:solid var(--line);border-width:1px 0}
nav a{color:var(--soft);text-decoration:none}
nav a:hover{color:var(--accent);text-decoration:underline}
.mark{display:inline-block;margin:.5rem 0 .3rem;border:2px solid var(--warn);color:var(--warn);border-radius:.3rem;
padding:0 .6rem;font-weight:650}
.hero{margin:2.2rem 0 0}
.hero .big{font-size:clamp(3.6rem,12vw,6.2rem);line-height:1;letter-spacing:-.045em;font-weight:700;color:var(--accent);
font-variant-numeric:tabular-nums;margin:0}
.hero .big small{font-size:1.15rem;letter-spacing:0;font-weight:500;color:var(--ink);margin-left:.6rem;
white-space:nowrap}
.hero .range{font-size:1.25rem;margin:.5rem 0 .2rem;font-variant-numeric:tabular-nums}
.hero .range b{font-weight:650;white-space:nowrap}
.hero .note{margin:.8rem 0}
.ruler{margin:1.4rem 0 .4rem;max-width:46rem}
.ruler svg{display:block;width:100%;overflow:visible}
.ruler text{font:13px var(--font);fill:var(--soft);font-variant-numeric:tabular-nums}
.ruler .usual text{fill:var(--ink);font-weight:600}
.ruler .rule{stroke:var(--line);stroke-width:1}.ruler .span{stroke:var(--outer);stroke-width:18;stroke-linecap:round}
.ruler .usual line{stroke:var(--ink);stroke-width:1.5}.ruler .dot{fill:var(--accent);stroke:var(--paper);stroke-width:3}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.8rem;list-style:none;padding:0;
margin:2.2rem 0 0}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:.9rem 1rem 1rem;
font-size:.86rem;line-height:1.45;color:var(--soft)}
.tiles b{display:block;font-size:1.75rem;line-height:1.2;letter-spacing:-.02em;font-weight:650;color:var(--ink);
font-variant-numeric:tabular-nums}
.tiles span{display:block;color:var(--ink);font-variant-numeric:tabular-nums}
.note{background:var(--tint);border-left:3px solid var(--accent);border-radius:0 .4rem .4rem 0;padding:.7rem 1rem;
max-width:42rem}
figure{margin:1.2rem 0 0}
.plot{width:100%;overflow:hidden}
.plot noscript{color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;list-style:none;padding:0;margin:0 0 .3rem;font-size:.88rem}
.legend li{display:flex;align-items:center;gap:.5rem}
.legend i{width:1.5rem;height:.8rem;border-radius:.15rem;flex:none}
.legend .k-outer{background:var(--outer)}
.legend .k-inner{background:linear-gradient(var(--outer),var(--outer)),var(--inner)}
.legend .k-median{height:.2rem;background:var(--accent)}
.legend .k-usual{background:var(--usual)}
.legend .k-usual-line{height:0;border-top:2px dashed var(--down);border-radius:0}
.legend .k-dot{width:.7rem;height:.7rem;border-radius:50%;background:var(--accent)}
.legend .k-up{background:var(--accent)}.legend .k-down{background:var(--down)}
details{margin:.8rem 0}
summary{cursor:pointer;color:var(--accent);font-size:.9rem;width:fit-content}
.wide{overflow-x:auto;margin:.6rem 0 1rem}
table{border-collapse:collapse;font-size:.92rem;line-height:1.45;font-variant-numeric:tabular-nums;min-width:min(100%,30rem)}
caption{text-align:left;color:var(--soft);font-size:.88rem;padding:0 0 .4rem}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.45rem 1.6rem .45rem 0;border-top:1px solid var(--line);
overflow-wrap:break-word}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.86rem}
tbody th{font-weight:500;min-width:9rem;max-width:26rem;overflow-wrap:anywhere}
th small{display:block;color:var(--soft);font-weight:400}
th:last-child,td:last-child{padding-right:.2rem}
.num{text-align:right}td.num{white-space:nowrap}
.facts{margin:0;font-size:.92rem;line-height:1.5}
.facts div{display:grid;grid-template-columns:minmax(0,13rem) minmax(0,1fr);gap:.1rem 1.2rem;padding:.45rem 0;
border-top:1px solid var(--line)}
.facts dd{margin:0;overflow-wrap:anywhere}
.facts+ul.notes{margin-top:1.2rem}
ul.notes{padding:0;margin:0 0 1.6rem;list-style:none;max-width:44rem}
ul.notes li{padding:.5rem 0 .5rem 1.3rem;position:relative}
ul.notes li:before{content:"";position:absolute;left:0;top:1.15rem;width:.5rem;height:.5rem;border-radius:50%;
background:var(--accent)}
img.sheet{display:block;max-width:100%;height:auto;border:1px solid var(--line);border-radius:.5rem;background:#fff}
.cite{font-size:.9rem;border-left:3px solid var(--line);padding-left:1rem;color:var(--ink)}
footer{margin:4rem 0 0;font-size:.85rem}
.page .otklik-text{background:transparent;color:var(--ink);padding:0;margin:0;max-width:none;font:inherit}
.page .otklik-text>p:first-of-type{font-size:1.1rem;line-height:1.75;max-width:none}
.page .otklik-text small{color:var(--soft);font-size:.9rem}
.page .otklik-text .bar{background:var(--accent)}
.page .otklik-text th,.page .otklik-text td{padding:.45rem 1.2rem .45rem 0;min-width:0;overflow-wrap:normal}
.page .otklik-text td:last-child{overflow-wrap:anywhere}
@media (max-width:34rem){body{font-size:16px}section{margin-top:3rem}
.hero .big small{display:block;margin:.5rem 0 0;font-size:1.05rem;white-space:normal;line-height:1.3}
.facts div{grid-template-columns:minmax(0,1fr)}.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}
.tiles b{font-size:1.5rem}
.page .otklik-text td:nth-child(3){display:none}
table{font-size:.88rem}tbody th{min-width:5.6rem;max-width:13rem;overflow-wrap:break-word}
tbody th:has(bdi,small){min-width:8rem}td:not(.num){min-width:6.5rem}
caption{max-width:calc(100vw - 2.4rem)}th,td{padding-right:.6rem}
.told :is(table,caption,tbody,tr,th,td){display:block}.told thead{position:absolute;clip-path:inset(50%)}
.told tbody th{max-width:none;font-weight:650;padding-bottom:0}.told td{border:0;padding:.15rem 0;min-width:0}
.told tr{padding-bottom:.6rem}.told td:before{content:attr(data-head)": ";color:var(--soft)}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@page{margin:16mm 15mm}
@media print{body{font-size:10.5pt;background:#fff}.page{max-width:none;padding:0}
nav,#theme,.skip,details.data,.plot noscript{display:none!important}
section{margin-top:1.8rem}.hero{margin-top:1rem}.hero .big{font-size:3.6rem}
.tiles{grid-template-columns:repeat(auto-fit,minmax(32mm,1fr));margin-top:1rem}.tiles b{font-size:1.3rem}
.tiles li{padding:.6rem .7rem}
h2,h3,caption{break-after:avoid}figure,.tiles li,tr,.facts div,.note,ul.notes li,img.sheet{break-inside:avoid}
.wide{overflow:visible}a{color:inherit;text-decoration:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
STYLE = (
    ":root{--font:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','otklik letters',sans-serif;"
    f"color-scheme:light;{_tokens(LIGHT)}}}"
    "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){"
    f"color-scheme:dark;{_tokens(DARK)}}}}}"
    f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{_tokens(DARK)}}}}}{_RULES}"
)
"""The whole of it."""
