"""The style of values in a notebook: the colours of the notebook's own theme, light or dark, below one class.

JupyterLab, VS Code and the HTML that nbconvert writes each say in their own way which theme is on; elsewhere the
browser's preference holds.
"""

from __future__ import annotations

_LIGHT = "--accent:#0b6b6b;--band:rgba(11,107,107,.2);--usual:rgba(105,98,88,.22);--down:#7b5b3c"
_DARK = "--accent:#6fd1cd;--band:rgba(111,209,205,.24);--usual:rgba(190,180,165,.24);--down:#d3ab84"
STYLE = f"""
.otklik-shown{{color-scheme:light dark;{_LIGHT};
--ink:var(--jp-content-font-color1,var(--vscode-editor-foreground,CanvasText));
--paper:var(--jp-layout-color0,var(--vscode-editor-background,Canvas));
--line:color-mix(in srgb,var(--ink) 18%,transparent);--soft:color-mix(in srgb,var(--ink) 72%,var(--paper));
background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;
max-width:52rem;padding:.4rem .2rem .8rem}}
@media (prefers-color-scheme:dark){{.otklik-shown{{{_DARK}}}}}
[data-jp-theme-light=true] .otklik-shown,.vscode-light .otklik-shown{{color-scheme:light;{_LIGHT}}}
[data-jp-theme-light=false] .otklik-shown,.vscode-dark .otklik-shown{{color-scheme:dark;{_DARK}}}
.otklik-shown *{{box-sizing:border-box}}
.otklik-shown h3{{font-size:1.15rem;line-height:1.3;margin:0;font-weight:650;overflow-wrap:anywhere;color:inherit}}
.otklik-shown h4{{font-size:.95rem;margin:1rem 0 .25rem;font-weight:650;color:inherit}}
.otklik-shown p{{margin:.1rem 0 .5rem}}
.otklik-shown .soft,.otklik-shown caption{{color:var(--soft);font-size:.88rem}}
.otklik-shown .mark{{display:inline-block;border:2px solid var(--down);color:var(--down);border-radius:.3rem;
padding:0 .5rem;font-weight:650}}
.otklik-shown .first{{font-size:2rem;line-height:1.2;font-weight:650;color:var(--accent);margin:.5rem 0 0;
font-variant-numeric:tabular-nums}}
.otklik-shown .first small{{font-size:1rem;font-weight:400;color:var(--soft)}}
.otklik-shown svg{{display:block;width:100%;max-width:34rem;height:auto;margin:.2rem 0 .6rem}}
.otklik-shown .usual{{fill:var(--usual)}}.otklik-shown .band{{fill:var(--band)}}
.otklik-shown .middle{{fill:var(--accent)}}.otklik-shown .at{{stroke:var(--soft);stroke-width:1.5}}
.otklik-shown table{{border-collapse:collapse;margin:.2rem 0 .4rem;font-size:.93rem;color:inherit;table-layout:auto}}
.otklik-shown caption{{text-align:left;caption-side:top;padding:.3rem 0}}
.otklik-shown tr{{background:transparent}}
.otklik-shown th,.otklik-shown td{{padding:.18rem .9rem .18rem 0;text-align:right;vertical-align:baseline;
border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;color:inherit;background:transparent}}
.otklik-shown th:first-child,.otklik-shown td.words{{text-align:left;white-space:normal;overflow-wrap:anywhere}}
.otklik-shown th{{font-weight:500}}.otklik-shown thead th{{color:var(--soft);font-size:.85rem}}
.otklik-shown tr.ours td,.otklik-shown tr.ours th{{font-weight:700}}
.otklik-shown .bar{{display:inline-block;height:.6rem;border-radius:.2rem;background:var(--accent)}}
.otklik-shown .bar.less{{background:var(--down)}}
.otklik-shown ul{{margin:.1rem 0 .6rem;padding-left:1.1rem}}
.otklik-shown .wide{{overflow-x:auto}}
"""
