"""The style of a page: system fonts, digits of equal width, much white, two colours that mean something."""

CSS = """
:root {
  color-scheme: light dark;
  --ink: #1c1e21; --soft: #5f656d; --line: #e2e4e8; --ground: #fbfbfc; --raised: #ffffff; --link: #1260a0;
  --data: #1f77b4; --samples: #ff7f0e; --quiet: #f1f3f5;
  --apart: #ad3b2e; --fill: #8d99a8; --shade: rgb(0 0 0 / .22);
  --g0: #b3392c; --g1: #cf6b3f; --g2: #dba63f; --g3: #a9b04c; --g4: #5fa05d; --g5: #15724f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e7e9ec; --soft: #a0a7b0; --line: #33383f; --ground: #15171a; --raised: #1d2024; --link: #7cbcf0;
    --data: #5aa9e0; --samples: #ff9d45; --quiet: #24282d; --apart: #f08b7c; --fill: #76818f;
    --shade: rgb(255 255 255 / .28);
    --g0: #d9584a; --g1: #d97a4d; --g2: #dba63f; --g3: #a9b04c; --g4: #6cb16a; --g5: #3aa57a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; color: var(--ink); background: var(--ground);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word;
}
main, header.top { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; }
header.top { padding-top: clamp(1.25rem, 3vw, 2.25rem); }
main { padding-bottom: 6rem; }
a { color: var(--link); }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; margin: 0; }
h1 { font-size: clamp(1.7rem, 5vw, 2.4rem); letter-spacing: -0.015em; font-weight: 650; }
h2 { font-size: 1.35rem; font-weight: 620; letter-spacing: -0.01em; margin-bottom: 1rem; }
h3 { font-size: 1rem; font-weight: 600; margin-bottom: .5rem; }
p { margin: 0 0 1rem; max-width: 42rem; }
section { padding-top: 2.6rem; }
.block { margin-top: 2rem; }
.over { color: var(--soft); font-size: .9rem; margin: 0 0 .4rem; }
.lead { font-size: clamp(1.05rem, 2.5vw, 1.2rem); margin: .75rem 0 0; max-width: 44rem; }
.alarm { color: var(--apart); }
.note { color: var(--soft); font-size: .92rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
section.first { padding-top: 1.25rem; }
.grade { padding-top: 1.75rem; }
.grade .word { font-size: clamp(1.5rem, 4vw, 2rem); font-weight: 650; letter-spacing: -0.015em; margin: 0 0 .9rem; }
.grade h3.word { font-size: 1.3rem; }
.grade + p { margin: 1rem 0 0; }
.bar { position: relative; display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 3px; }
.scale { max-width: 52rem; }
.bar > span { border-top: 12px solid; padding-top: .35rem; font-size: .78rem; line-height: 1.25; }
.bar > span > span { color: var(--soft); }
.bar .here > span { color: var(--ink); font-weight: 650; }
.bar > :nth-child(1) { border-color: var(--g0); border-radius: 6px 0 0 0; }
.bar > :nth-child(2) { border-color: var(--g1); }
.bar > :nth-child(3) { border-color: var(--g2); }
.bar > :nth-child(4) { border-color: var(--g3); }
.bar > :nth-child(5) { border-color: var(--g4); }
.bar > :nth-child(6) { border-color: var(--g5); border-radius: 0 6px 0 0; }
.bar > i {
  position: absolute; top: -6px; width: 8px; height: 24px; margin-left: -4px; border-radius: 4px;
  background: var(--ink); border: 2px solid var(--ground);
}
@media (max-width: 40rem) {
  .bar > span > span { display: none; }
  .bar > :first-child > span, .bar > :nth-child(6) > span { display: block; white-space: nowrap; }
  .bar > :nth-child(6) { direction: rtl; }
}
.tests { list-style: none; padding: 0; margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .2rem 2rem; }
.tests li { margin: 0; }
dl.gauges { grid-template-columns: repeat(auto-fill, minmax(min(47%, 15rem), 1fr)); gap: .75rem; }
.gauges > div { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: .75rem .9rem; }
.gauges dd { font-size: 1.2rem; font-weight: 600; line-height: 1.35; }
.gauges .error { color: var(--soft); font-size: .84rem; font-weight: 400; display: inline-block; }
.gauges small { margin-top: .45rem; line-height: 1.35; }
.gauges .silent dd { color: var(--soft); font-weight: 400; }
.gauged, .ends, .gauge { display: block; }
.gauge { position: relative; height: 8px; margin: .6rem 0 .3rem; border-radius: 4px; background: var(--line); }
.gauge i { position: absolute; top: 0; height: 8px; border-radius: 4px; }
.gauge .filled { left: 0; background: var(--fill); }
.gauge .reach { top: 3px; height: 2px; background: var(--ink); }
.gauge .mark { top: -3px; width: 4px; height: 14px; margin-left: -2px; background: var(--ink); }
.ends {
  display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .5rem;
  color: var(--soft); font-size: .74rem; font-weight: 400;
}
.cards.pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
@media (max-width: 40rem) { .cards.pair { gap: .5rem; } .cards.pair figure { padding: .4rem; } }
.cards.small { grid-template-columns: repeat(auto-fill, minmax(min(47%, 13rem), 1fr)); gap: .75rem; }
.cards.small figure { padding: .5rem; }
.cards.small figcaption { margin-top: .2rem; }
.folded { padding-top: 0; border-top: 1px solid var(--line); }
.folded summary { display: flex; align-items: center; gap: .6rem; padding: .9rem 0; margin: 0; }
.folded summary::before { content: "+"; width: 1rem; color: var(--soft); font-weight: 600; }
.folded details[open] summary::before { content: "−"; }
.folded summary h2 { margin: 0; font-size: 1.1rem; color: var(--ink); }
.folded details[open] { padding-bottom: 1.5rem; }
section:not(.folded) + .folded { margin-top: 2.6rem; }
small { white-space: normal; }
small { display: block; color: var(--soft); font-size: .78rem; font-weight: 400; }
.dot {
  display: inline-block; width: .72em; height: .72em; border-radius: 50%; margin-right: .45em; background: var(--soft);
}
.dot.data { background: var(--data); }
.dot.samples { background: var(--samples); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem; }
figure {
  margin: 0; background: #fff; color: #333; border: 1px solid var(--line); border-radius: 10px; padding: .8rem;
  min-width: 0;
}
.cards > figure { max-width: 31rem; }
figure img { display: block; max-width: 100%; width: 100%; height: auto; }
figcaption { font-size: .88rem; line-height: 1.45; color: #4a4f55; margin-top: .6rem; }
figure .dot.data { background: #1f77b4; }
figure .dot.samples { background: #ff7f0e; }
figure:has(> img.sheet), figure:has(> .strip) { background: var(--raised); color: var(--ink); }
figure:has(> img.sheet) figcaption, figure:has(> .strip) figcaption { color: var(--soft); }
.strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.6rem, 1fr)); gap: .6rem .5rem; }
.strip span { display: block; min-width: 0; font-size: .74rem; text-align: center; font-variant-numeric: tabular-nums; }
mark { background: color-mix(in srgb, var(--samples) 28%, transparent); color: inherit; border-radius: 3px; }
.strip img { border-radius: 3px; }
.stages {
  max-width: 40rem; padding: .7rem .8rem; display: grid; gap: .4rem; background: #fff; border: 1px solid var(--line);
  border-radius: 10px;
}
.stages figure { padding: 0; border: 0; display: grid; grid-template-columns: 5rem 1fr; align-items: center; }
.stages figure img { grid-column: 2; grid-row: 1; }
.stages figcaption { grid-column: 1; grid-row: 1; margin: 0; font-variant-numeric: tabular-nums; }
.stages.squares { grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); max-width: none; gap: .9rem; }
.stages.squares figure { display: block; }
.stages.squares figcaption { text-align: center; margin: .1rem 0 0; }
.cards + .table { margin-top: 1rem; }
.table { margin: 0 0 1rem; }
.scroll {
  overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; scrollbar-width: thin;
  background:
    linear-gradient(to right, var(--raised) 30%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--raised) 30%, transparent) right / 2.5rem 100% no-repeat local,
    radial-gradient(farthest-side at 0 50%, var(--shade), transparent) left / 1rem 100% no-repeat scroll,
    radial-gradient(farthest-side at 100% 50%, var(--shade), transparent) right / 1rem 100% no-repeat scroll,
    var(--raised);
}
.swipe { display: none; margin: .25rem 0 0; font-size: .8rem; color: var(--soft); }
.wide .swipe { display: block; }
@media (max-width: 40rem) { .medium .swipe { display: block; } }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem .65rem; text-align: right; white-space: nowrap; vertical-align: top; }
th:first-child, td.words { text-align: left; }
td.words { white-space: normal; min-width: 15rem; color: var(--soft); }
thead th { color: var(--soft); font-weight: 500; font-size: .84rem; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 550; }
td small { white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
dl {
  margin: 0 0 1rem;
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .4rem 2rem;
}
dl > div { min-width: 0; }
dt { color: var(--soft); font-size: .84rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
pre, code { font: .9rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
pre { margin: 0 0 1rem; padding: .9rem 1rem; background: var(--quiet); border-radius: 10px; overflow-x: auto; }
summary { cursor: pointer; color: var(--link); margin: .5rem 0; }
nav { margin: 1.75rem 0 0; font-size: .92rem; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; }
ul { margin: 0 0 1rem; padding-left: 1.2rem; }
li { margin: 0 0 .35rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media print { body { background: #fff; } section { break-inside: avoid-page; } }
"""
