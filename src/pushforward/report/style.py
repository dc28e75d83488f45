"""The style of a page: system fonts, digits of equal width, much white, two colours that mean something."""

CSS = """
:root {
  color-scheme: light dark;
  --ink: #1c1e21; --soft: #5f656d; --line: #e2e4e8; --ground: #fbfbfc; --raised: #ffffff; --link: #1260a0;
  --data: #1f77b4; --samples: #ff7f0e; --quiet: #f1f3f5;
  --alike: #15724f; --apart: #ad3b2e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e7e9ec; --soft: #a0a7b0; --line: #33383f; --ground: #15171a; --raised: #1d2024; --link: #7cbcf0;
    --data: #5aa9e0; --samples: #ff9d45; --quiet: #24282d; --alike: #5fc79b; --apart: #f08b7c;
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
header.top { padding-top: clamp(2rem, 6vw, 4.5rem); }
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
.pill {
  display: inline-block; margin: .9rem 0 0; padding: .1rem .75rem; border: 1px solid currentColor; border-radius: 99px;
  font-size: .92rem; font-weight: 600; color: var(--soft);
}
.pill.alike { color: var(--alike); }
.pill.apart { color: var(--apart); }
.lead { font-size: clamp(1.05rem, 2.5vw, 1.2rem); margin: .75rem 0 0; max-width: 44rem; }
.alarm { color: var(--apart); }
.note { color: var(--soft); font-size: .92rem; }
.silent { color: var(--soft); opacity: .65; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 2rem 0 0; }
.tiles > div { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: .8rem .9rem; }
.tiles dt { color: var(--soft); font-size: .84rem; }
.tiles dd { margin: .1rem 0 0; font-size: 1.2rem; font-weight: 600; line-height: 1.3; white-space: nowrap; }
.tiles small { white-space: normal; }
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
.strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.6rem, 1fr)); gap: .6rem .5rem; }
.strip span { display: block; min-width: 0; font-size: .74rem; text-align: center; font-variant-numeric: tabular-nums; }
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
.cards + .scroll { margin-top: 1rem; }
.scroll {
  overflow-x: auto; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 10px; background: var(--raised);
}
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem .8rem; text-align: right; white-space: nowrap; vertical-align: top; }
th:first-child, td.words { text-align: left; }
td img { display: block; width: 150px; height: 18px; }
@media (prefers-color-scheme: dark) { td img { background: #fff; border-radius: 4px; } }
td.words { white-space: normal; min-width: 15rem; color: var(--soft); }
thead th { color: var(--soft); font-weight: 500; font-size: .84rem; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 550; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
dl { margin: 0 0 1rem; }
dl:not(.tiles) {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .4rem 2rem;
}
dl > div { min-width: 0; }
dt { color: var(--soft); font-size: .84rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
pre, code { font: .9rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
pre { margin: 0 0 1rem; padding: .9rem 1rem; background: var(--quiet); border-radius: 10px; overflow-x: auto; }
summary { cursor: pointer; color: var(--link); margin: .5rem 0; }
nav { margin: 1.75rem 0 0; font-size: .92rem; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; }
img.thumbnail { width: 9rem; max-width: none; height: auto; background: #fff; border-radius: 6px; display: block; }
ul { margin: 0 0 1rem; padding-left: 1.2rem; }
#words li { max-width: 60rem; }
li { margin: 0 0 .35rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media print { body { background: #fff; } section { break-inside: avoid-page; } }
"""
