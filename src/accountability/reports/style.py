"""How a page of reports looks: on a desk, on a telephone, on paper. Nothing is fetched from elsewhere."""

from __future__ import annotations

STYLE = """
:root{--ink:#22303a;--soft:#55636c;--line:#dcdfd9;--paper:#fff;--ground:#f6f5f0;--now:#1f6470;--before:#7d8d8a;
--mark:#8a3b1e}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",
"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
main,header,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1,h2,h3{line-height:1.3;margin:0;font-weight:600;text-wrap:balance}
h1{font-size:2rem}h2{font-size:1.5rem}h3{font-size:1.05rem}
h1 [lang],h2 [lang]{display:block}
:root:has(#both:checked) :is(h1,h2) [lang=zh]~[lang=en]{font-size:.62em;font-weight:400;color:var(--soft)}
:root:has(#both:checked) h3 [lang=zh]~[lang=en]{font-weight:400;color:var(--soft)}
p{margin:.5rem 0;max-width:44rem}
:root:has(#both:checked) p[lang=zh]~p[lang=en]{color:var(--soft)}
a{color:var(--now)}
a:focus-visible,summary:focus-visible,input:focus-visible,.scroll:focus-visible{outline:2px solid var(--now);
outline-offset:2px}
code{font:.86em/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{margin:.5rem 0;padding:.6rem .8rem;background:var(--ground);border-left:3px solid var(--line);white-space:pre-wrap}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.25rem;margin:1.5rem 0}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
.speak{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
fieldset.tongue{border:0;padding:0;margin:.75rem 0 1.5rem;font-size:.88rem;color:var(--soft)}
fieldset.tongue label{margin-right:1rem;cursor:pointer}
fieldset.tongue input{accent-color:var(--now);margin:0 .35rem 0 0}
:root:has(#only-zh:checked) body [lang=en]:not(.alone),
:root:has(#only-en:checked) body [lang=zh]:not(.alone){display:none}
.card,.figure{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:1rem 1.25rem;margin:1rem 0}
nav ul{columns:2 20rem;column-gap:2.5rem;margin:.25rem 0;padding:0;list-style:none}
nav li{padding:.15rem 0;break-inside:avoid}
.note{border-left:3px solid var(--now);padding-left:1rem;margin:0 0 1.5rem}
.legend{font-size:.88rem;color:var(--soft)}
.key{display:inline-block;width:.8em;height:.8em;margin:0 .4em 0 0;background:var(--now)}
.key.before{background:var(--before);margin-left:1.2em}
section{margin:3.5rem 0 0;padding-top:1.5rem;border-top:1px solid var(--line)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.45rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-size:.82rem;font-weight:400;color:var(--soft);vertical-align:bottom}
thead th [lang]{display:block}
.unit{white-space:nowrap}.unit [lang]{display:block}
tbody th{font-weight:600}
tbody tr:last-child>*{border-bottom:0}
.n{text-align:right;white-space:nowrap}
td.value{font-weight:600}
tbody th [lang]{display:block}
:root:has(#both:checked) tbody th [lang=zh]~[lang=en]{font-weight:400}
tbody th .said{font-weight:400;font-size:.85rem;color:var(--soft)}
tbody th a{color:inherit;text-decoration-color:var(--line);text-underline-offset:.2em}
td.drawn{width:22%;min-width:6rem;padding-top:.85rem}
svg{display:block;width:100%}
svg.bars{height:14px}
svg .now{fill:var(--now)}svg .before{fill:var(--before)}
svg .axis{stroke:var(--line);fill:none}
svg text{font-size:9px;text-anchor:middle;fill:var(--ink)}svg text.name,svg text.before{fill:var(--soft)}
svg text.now{font-weight:600}
.figure{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,22rem);column-gap:2rem;align-items:start}
.figure>.wide{grid-column:1/-1}
.sum{margin:.4rem 0 0;color:var(--soft)}
.sum b{font-size:1.9rem;line-height:1.2;font-weight:600;color:var(--ink);font-variant-numeric:tabular-nums}
.parts{margin:.75rem 0}
.parts th,.parts td{padding:.25rem .6rem;font-size:.92rem}
.parts tbody th{font-weight:400}.parts tbody th [lang]{display:inline}
.parts td.drawn{width:38%;padding-top:.5rem}.parts svg.bars{height:10px}
details{border-top:1px solid var(--line);padding:.5rem 0 0;margin-top:.5rem;font-size:.92rem}
summary{cursor:pointer;color:var(--now)}
details p{margin:.5rem 0}
.laws code{font-size:.78rem}.laws th code{white-space:nowrap}
.monthly{max-width:32rem}
.trace td,.trace th{padding:.15rem .6rem;font-size:.82rem}
.trace td:first-child,.trace td:last-child{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;
font-size:.76rem;overflow-wrap:anywhere}
.trace td+td+td{white-space:nowrap}
.trace tr:target{background:var(--ground)}
footer{padding-bottom:3rem;margin-top:3rem;color:var(--soft);font-size:.88rem}
@media (max-width:44rem){
body{font-size:15px}header{padding-top:1.5rem}h1{font-size:1.6rem}
main,header,footer{padding-left:.9rem;padding-right:.9rem}
.figure{display:block}.figure svg.months{margin-top:.75rem}
.card,.figure{padding:.8rem .75rem}
:is(.overview,.parts:not(.laws,.monthly)) :is(thead,tbody){display:block}
.overview tr{display:grid;grid-template-columns:1fr 1fr 1fr 1.2fr}
.parts:not(.laws,.monthly) tr{display:grid;grid-template-columns:4rem 4rem 4.5rem 1fr}
.overview tr>:is(th:first-child,:last-child),.parts:not(.laws,.monthly) tr>th:first-child{grid-column:1/-1}
.overview :is(th,td),.parts:not(.laws,.monthly) :is(th,td){border:0;width:auto;padding:.15rem .2rem}
.overview tr,.parts:not(.laws,.monthly) tr{border-bottom:1px solid var(--line);padding:.35rem 0}
tbody tr:last-child{border-bottom:0}
.overview thead th:last-child{text-align:left}
.trace :is(thead,tbody){display:block}
.trace tr{display:grid;grid-template-columns:3.5rem 6.5rem 1fr;border-bottom:1px solid var(--line);padding:.2rem 0}
.trace tr>:first-child{grid-column:1/-1}.trace :is(th,td){border:0;padding:.05rem .3rem}.trace td.n{text-align:left}
.trace th.n{text-align:left}
td.drawn{min-width:0}.parts:not(.laws,.monthly) td.drawn{padding:.5rem 0 0 .8rem}
dl.facts{display:block}dl.facts dt{margin-top:.6rem;font-size:.85rem}
}
.paper{display:none}
@media print{
.paper{display:block}
@page{margin:16mm 14mm}
:root{--ground:#fff;font-size:12px}body{font-size:1rem;line-height:1.45}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
header{padding-top:0}section{border:0;margin:1.5rem 0 0;padding:0}footer{margin:0}
.card,.figure{padding:.4rem .6rem;margin:.4rem 0}.figure,nav.card{break-inside:avoid}
.scroll{overflow:visible}th,td{padding:.25rem .4rem}td.drawn{width:16%}
h1,h2,h3{break-after:avoid;break-inside:avoid}section>p{break-after:avoid}
.tongue,details:not([open]){display:none}
a{color:inherit;text-decoration:none}
thead{display:table-header-group}tr{break-inside:avoid}
main,header,footer{max-width:none;padding:0 2px}
}
"""
