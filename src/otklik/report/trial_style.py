"""The style sheet of a trial's page: everything below one class, so that it can stand inside a notebook."""

from __future__ import annotations

STYLE = """
.otklik-trial{color-scheme:light dark;--paper:#f7f6f3;--card:#fff;--ink:#1b1d22;--soft:#5a606b;--line:#dedcd5;
--tint:#eef1f7;--grid:#e7e5df;--beside:#737a87;--yes:#1a6b3f;--no:#a3213a;--open:#3f5878;--none:#6b6b6b;
background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;
padding:clamp(1rem,4vw,3rem) clamp(.9rem,4vw,2rem)}
@media (prefers-color-scheme:dark){.otklik-trial{--paper:#14161a;--card:#1c1f25;--ink:#e9eaee;--soft:#a5abb8;
--line:#323742;--tint:#232a38;--grid:#2b2f38;--beside:#949bab;--yes:#7fd3a1;--no:#ff9dab;--open:#a9c1e6;
--none:#a9a9a9}}
.otklik-trial *{box-sizing:border-box}
.otklik-trial .page{max-width:62rem;margin:0 auto}
.otklik-trial h1{font-size:clamp(1.6rem,4.5vw,2.5rem);line-height:1.15;letter-spacing:-.02em;margin:.2rem 0 .6rem;
text-wrap:balance}
.otklik-trial h2{font-size:1.3rem;line-height:1.25;margin:2.6rem 0 .5rem}
.otklik-trial h3{font-size:1.12rem;line-height:1.3;margin:.45rem 0 .15rem}
.otklik-trial p{margin:0 0 .7rem;overflow-wrap:anywhere}
.otklik-trial .over,.otklik-trial .terms,.otklik-trial .hint,.otklik-trial figcaption{color:var(--soft)}
.otklik-trial .over{margin:0;font-size:.9rem;letter-spacing:.02em}
.otklik-trial .terms,.otklik-trial .hint{font-size:.86rem}
.otklik-trial code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.otklik-trial a{color:inherit;text-decoration-color:var(--line);text-underline-offset:.2em}
.otklik-trial a:hover{text-decoration-color:currentColor}
.otklik-trial a:focus-visible{outline:2px solid var(--open);outline-offset:2px}
.otklik-trial .made{display:inline-block;border:2px solid var(--no);color:var(--no);border-radius:.4rem;
padding:.1rem .6rem;font-weight:650;margin:0 0 .6rem}
.otklik-trial .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.7rem;margin:1.2rem 0;padding:0;
list-style:none}
.otklik-trial .tiles li{background:var(--card);border:1px solid var(--line);border-top:4px solid;border-radius:.5rem;
padding:.55rem .8rem;font-size:.88rem;line-height:1.3}
.otklik-trial .tiles b{display:block;font-size:1.9rem;line-height:1.15;font-variant-numeric:tabular-nums}
.otklik-trial .caveat{border-left:4px solid var(--open);background:var(--tint);padding:.6rem .9rem;
border-radius:0 .4rem .4rem 0}
.otklik-trial .yes{color:var(--yes)}.otklik-trial .no{color:var(--no)}
.otklik-trial .open{color:var(--open)}.otklik-trial .none{color:var(--none)}
.otklik-trial .badge{display:inline-block;font-size:.78rem;font-weight:650;border:1.5px solid;border-radius:1rem;
padding:0 .6rem;white-space:nowrap}
.otklik-trial figure{margin:0;min-width:0}
.otklik-trial .forest{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem;
list-style:none;margin:0}
.otklik-trial .forest li{display:grid;grid-template-columns:minmax(0,19rem) minmax(0,1fr) 13.2rem;gap:.1rem 1rem;
align-items:center;padding:.28rem 0;border-top:1px solid var(--line)}
.otklik-trial .forest li:first-child{border:0}
.otklik-trial .forest a{font-size:.9rem;line-height:1.3}
.otklik-trial .figure{font-variant-numeric:tabular-nums;line-height:1.25;white-space:nowrap}
.otklik-trial .figure small{color:var(--soft);font-size:.78rem}
.otklik-trial .forest .figure b{display:inline-block}
.otklik-trial .forest .figure small{display:block}
.otklik-trial svg{display:block;overflow:visible}
.otklik-trial svg text{font:11px system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:var(--soft);
font-variant-numeric:tabular-nums}
.otklik-trial .grid{stroke:var(--grid)}.otklik-trial .zero{stroke:var(--soft);stroke-width:1.5}
.otklik-trial .expected{fill:var(--tint)}
.otklik-trial .ci{stroke:var(--ink);stroke-width:2;fill:none}
.otklik-trial .dot{stroke-width:2.5;stroke:currentColor;fill:currentColor}
.otklik-trial .dot.open{fill:var(--card)}.otklik-trial .dot.beside{color:var(--beside)}
.otklik-trial .card{background:var(--card);border:1px solid var(--line);border-left:5px solid;border-radius:.6rem;
padding:.9rem 1.1rem 1rem;margin:0 0 1rem;scroll-margin-top:1rem}
.otklik-trial .card>*{color:var(--ink)}
.otklik-trial .card.yes{border-left-color:var(--yes)}.otklik-trial .card.no{border-left-color:var(--no)}
.otklik-trial .card.open{border-left-color:var(--open)}.otklik-trial .card.none{border-left-color:var(--none)}
.otklik-trial .card .said{margin-bottom:.8rem}
.otklik-trial .two{display:grid;grid-template-columns:minmax(0,1.15fr) minmax(0,1fr);gap:1rem 1.8rem}
.otklik-trial figcaption{font-size:.86rem;margin:0 0 .35rem}
.otklik-trial .rung{display:grid;grid-template-columns:6.6rem minmax(0,1fr) 7.4rem;gap:0 .7rem;align-items:center;
padding:.08rem 0}
.otklik-trial .rung .name{font-size:.82rem;line-height:1.2}
.otklik-trial .rung .figure{font-size:.82rem}
.otklik-trial .rung .figure b{font-weight:500}
.otklik-trial .rung .figure small{display:block;font-size:.74rem}
.otklik-trial .rung .deciding,.otklik-trial .rung .deciding b{font-weight:700}
.otklik-trial .facts{margin:0;font-size:.86rem;line-height:1.4}
.otklik-trial .facts div{display:grid;grid-template-columns:9.5rem minmax(0,1fr);gap:.1rem .8rem;padding:.2rem 0;
border-top:1px solid var(--line)}
.otklik-trial .facts div:first-child{border:0}
.otklik-trial .facts dt{color:var(--soft)}.otklik-trial .facts dd{margin:0;overflow-wrap:anywhere}
.otklik-trial h4{font-size:.86rem;font-weight:600;margin:.9rem 0 .2rem}
.otklik-trial .tries{list-style:none;margin:0;padding:0;font-size:.86rem;line-height:1.4}
.otklik-trial .tries li{display:flex;gap:.6rem;padding:.12rem 0}
.otklik-trial .pass{color:var(--yes);font-weight:700}.otklik-trial .fail{color:var(--no);font-weight:700}
.otklik-trial .prose{max-width:44rem}
.otklik-trial .prose li{margin:0 0 .4rem}
@media (max-width:52rem){.otklik-trial .two{grid-template-columns:minmax(0,1fr)}
.otklik-trial .tiles{grid-template-columns:repeat(2,1fr)}
.otklik-trial .forest li{grid-template-columns:minmax(0,1fr) auto}
.otklik-trial .forest li>svg{grid-column:1/-1;grid-row:2}
.otklik-trial .forest .scale span{display:none}.otklik-trial .forest .scale svg{grid-row:1}
.otklik-trial .forest .figure{text-align:right}}
@media (max-width:34rem){.otklik-trial .forest li{grid-template-columns:minmax(0,1fr);gap:.25rem}
.otklik-trial .forest li>svg{grid-row:auto;order:1}
.otklik-trial .forest .figure{text-align:left;white-space:normal}
.otklik-trial .forest .figure small{display:inline;white-space:nowrap}.otklik-trial .forest .badge{margin-right:.4rem}}
@media (max-width:30rem){.otklik-trial .facts div{grid-template-columns:minmax(0,1fr)}
.otklik-trial .rung{grid-template-columns:minmax(0,1fr) auto}
.otklik-trial .rung>svg{grid-column:1/-1;grid-row:2}.otklik-trial .rung>span:empty{display:none}
.otklik-trial .rung .figure{text-align:right}
.otklik-trial .rung .figure small{display:inline}}
@media print{.otklik-trial{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;
--tint:#f1f1f1;--grid:#ddd;--beside:#666;--yes:#1a6b3f;--no:#a3213a;--open:#3f5878;--none:#666;font-size:11pt;padding:0;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.otklik-trial .card,.otklik-trial .forest li,.otklik-trial .tiles{break-inside:avoid}
.otklik-trial h2,.otklik-trial h3{break-after:avoid}}
"""
"""Colours of verdicts hold at least 4.5 to 1 against their grounds, light and dark (tests/report)."""
