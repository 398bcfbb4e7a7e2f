"""The style sheet of the board: system fonts, light and dark, from 320 pixels up; nothing is loaded."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--paper:#f7f6f3;--card:#fff;--ink:#1b1d22;--soft:#565c67;--line:#dedcd5;--tint:#e4e9f3;
--good:#17653b;--fair:#7a5200;--bad:#a3213a;--up:#8a3d00;--band:#c9d4ea;--own:#1f4fae}
@media (prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1c1f25;--ink:#e9eaee;--soft:#a9afbb;--line:#323742;
--tint:#283042;--good:#7fd3a1;--fair:#e6bf6b;--bad:#ff9dab;--up:#ffb77d;--band:#34425f;--own:#8db4ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:clamp(.8rem,3vw,2rem);background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif}
.top{display:flex;justify-content:space-between;align-items:baseline;gap:1rem}
.over{margin:0;color:var(--soft);font-size:.9rem;letter-spacing:.02em}
nav a{display:inline-block;padding:.25rem .55rem;border-radius:.4rem;font-size:.9rem;text-decoration:none}
nav a[aria-current]{background:var(--tint);font-weight:650}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:.2em}
a:hover{text-decoration-color:currentColor}
a:focus-visible,summary:focus-visible{outline:2px solid var(--own);outline-offset:2px;border-radius:.2rem}
h1{font-size:clamp(1.5rem,4.5vw,2.2rem);line-height:1.15;letter-spacing:-.02em;margin:.4rem 0 .8rem}
h1 small{font-size:.95rem;font-weight:400;letter-spacing:0;color:var(--soft);white-space:nowrap}
h2{font-size:1.2rem;line-height:1.25;margin:1.8rem 0 .2rem}
h3{font-size:1rem;line-height:1.3;margin:0;overflow-wrap:anywhere}
p{margin:0 0 .6rem}
small{color:var(--soft);font-size:.82rem}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.hint{color:var(--soft);font-size:.86rem}
.made{display:inline-block;border:2px solid var(--bad);color:var(--bad);border-radius:.4rem;padding:.1rem .6rem;
font-weight:650;margin:.4rem 0 0}
.warning{border-left:4px solid var(--bad);background:var(--card);color:var(--bad);padding:.5rem .8rem;font-weight:600;
border-radius:0 .4rem .4rem 0;overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:0;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.4rem .9rem .5rem;
font-size:.86rem;line-height:1.3;color:var(--soft)}
.tiles b{display:block;color:var(--ink);font-size:1.3rem;font-variant-numeric:tabular-nums}
.posts{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
.post{display:grid;grid-template-columns:minmax(0,1.7fr) minmax(0,1fr) minmax(0,1fr) minmax(0,1fr) 15rem;
gap:.2rem 1.1rem;align-items:start;padding:.75rem 1rem;border-top:1px solid var(--line)}
.post:first-child{border:0}
.facts{margin:.1rem 0 .15rem;color:var(--soft);font-size:.84rem;overflow-wrap:anywhere}
.place{display:inline-block;font-size:.76rem;font-weight:650;border:1.5px solid;border-radius:1rem;padding:0 .55rem}
.above{color:var(--good)}.within{color:var(--soft)}.below{color:var(--fair)}
.cell{font-variant-numeric:tabular-nums;line-height:1.3;min-width:0}
.cell .name{display:block;color:var(--soft);font-size:.76rem}
.cell b{display:block;font-size:1.05rem;overflow-wrap:anywhere}
.cell i{font-style:normal;font-weight:600;color:var(--soft);font-size:.9rem}
.cell small{display:block}
.times{font-size:1.35rem;color:var(--up)}
.curve svg{display:block;width:100%;height:auto}
.band{fill:var(--band)}.usual{fill:none;stroke:var(--soft);stroke-width:1.2;stroke-dasharray:4 3}
.own{fill:none;stroke:var(--own);stroke-width:2.2;stroke-linejoin:round}.now{fill:var(--own)}
.range{stroke:var(--up);stroke-width:2}
.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 2rem}
.wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.4rem .7rem;border-top:1px solid var(--line);vertical-align:middle}
thead th{border:0;color:var(--soft);font-weight:500;font-size:.8rem}
th:first-child{text-align:left}
tbody th{font-weight:600}
td[colspan]{text-align:left}td b,td small{white-space:nowrap}td[colspan] small{white-space:normal}
.bar{display:inline-block;width:3.6rem;height:.4rem;margin-right:.5rem;vertical-align:middle}
.bar rect{fill:currentColor}.bar .all{fill:var(--line)}
.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}
.gaps{font-size:.88rem;margin:.6rem 0 .2rem}ul.gaps{margin-top:0;padding-left:1.2rem}
.empty{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem}
footer{margin-top:2rem;color:var(--soft);font-size:.86rem;max-width:48rem}
summary{cursor:pointer;width:max-content;max-width:100%}
[hidden]{display:none}
@media (max-width:64rem){.post{grid-template-columns:repeat(3,minmax(0,1fr))}.what{grid-column:1/3}
.curve{grid-column:3;grid-row:1}}
@media (max-width:60rem){.two{grid-template-columns:minmax(0,1fr)}}
@media (max-width:34rem){.post{grid-template-columns:repeat(2,minmax(0,1fr));gap:.5rem .9rem;padding:.75rem .8rem}
.what{grid-column:1/-1}.curve{grid-column:auto;grid-row:auto}
.tiles{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.4rem}
.tiles li{padding:.4rem .6rem;font-size:.78rem}
.tiles b{font-size:1.05rem}table{font-size:.84rem}th,td{padding:.35rem .4rem}.bar{display:none}
td small{display:block}[aria-labelledby=looks] :is(th,td):nth-child(3){display:none}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
"""
