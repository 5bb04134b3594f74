"""How the HTML report looks, light or dark as the reader's system is."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --window: #f4f5f7; --surface: #fff; --raised: #eceef2;
  --border: #d5d9e0; --text: #1c2330; --muted: #5c6675; --hit: 31 111 235; --miss: 179 38 30; }
@media (prefers-color-scheme: dark) { :root { --window: #16191f; --surface: #1e222a;
  --raised: #2a2f39; --border: #3a414d; --text: #e6e9ef; --muted: #9aa4b2; --hit: 91 157 255;
  --miss: 255 138 128; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--window); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 19px; margin: 0 0 12px; }
p { margin: 0 0 12px; color: var(--muted); }
section { background: var(--surface); border: 1px solid var(--border); border-radius: 12px;
  padding: 20px 24px; margin-top: 20px; overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 16px 0; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.cards { display: flex; flex-wrap: wrap; gap: 12px; }
.card { background: var(--surface); border: 1px solid var(--border); border-radius: 12px;
  padding: 10px 18px; color: var(--muted); }
.card b { display: block; font-size: 22px; color: var(--text); }
table { border-collapse: collapse; }
.figures { width: 100%; }
.figures th { text-align: left; font-weight: 500; }
.figures thead th { color: var(--muted); border-bottom: 1px solid var(--border); }
.figures td, .figures thead th:not(:first-child) { text-align: right; }
.figures th, .figures td { padding: 5px 10px; }
.matrix th { font-weight: 400; color: var(--muted); text-align: right; padding: 0 8px; }
.matrix tr:first-child th { vertical-align: bottom; text-align: center; padding: 8px 0; }
.matrix th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 240px;
  overflow: hidden; }
.matrix td { width: 44px; height: 40px; text-align: center; border: 1px solid var(--surface); }
.matrix tr:first-child td { width: auto; }
.hit { background: rgb(var(--hit) / var(--share)); }
.miss { background: rgb(var(--miss) / var(--share)); }
.hit, .miss { outline: 1px solid var(--raised); outline-offset: -1px; }
.strong { color: var(--surface); }
.diagrams { display: flex; flex-wrap: wrap; gap: 24px; }
figure { margin: 0; }
svg rect { fill: rgb(var(--hit)); } svg rect.ground { fill: var(--raised); }
svg line { stroke: var(--text); stroke-dasharray: 4 4; opacity: .6; }
svg text { fill: var(--muted); font-size: 12px; }
figcaption { color: var(--muted); overflow-wrap: anywhere; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
  gap: 18px; }
.gallery img, .missing { width: 100%; height: 150px; object-fit: contain; border-radius: 8px;
  background: var(--raised); display: block; margin-bottom: 6px; }
.said { color: rgb(var(--miss)); }
"""
