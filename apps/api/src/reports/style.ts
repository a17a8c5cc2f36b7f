/** Light, dark and on paper; no file of any kind beside it. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fbfbfa; --ink: #1b1c1a; --soft: #575953; --line: #e4e4e0; --good: #256628; --warn: #855300; --bad: #b3261e;
  --c0: #2e9e4f; --c1: #0072b2; --c2: #b97800; --c3: #d55e00; --c4: #a8558a; --c5: #2b8fc7; --c6: #6b6b6b; --c7: #7a57a5; }
@media (prefers-color-scheme: dark) { :root { --page: #131412; --ink: #ecede9; --soft: #b3b6ae; --line: #2b2d29; --good: #6cc070; --warn: #e3b261; --bad: #f28b82;
  --c0: #6cc070; --c1: #6bb3e8; --c2: #e8b04a; --c3: #f0905a; --c4: #dd9cc4; --c5: #8fd0f5; --c6: #b0b0b0; --c7: #b99be0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.25rem 3rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 Inter, ui-sans-serif, system-ui, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
p { margin: .4rem 0; max-width: 48rem; }
.soft, figcaption { color: var(--soft); }
.verdict { font-weight: 600; } .comparable { color: var(--good); } .reservations { color: var(--warn); } .not-comparable { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1.25rem; margin: .75rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
code { font: 12.5px/1.5 "JetBrains Mono", ui-monospace, monospace; }
figure { margin: .75rem 0; }
figure > svg { width: 100%; max-width: 45rem; height: auto; font-size: 12px; }
svg text { fill: var(--soft); } .grid { stroke: var(--line); } .base { stroke: var(--soft); stroke-dasharray: 6 4; }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); } .c6 { fill: var(--c6); } .c7 { fill: var(--c7); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .25rem 0; padding: 0; }
.legend svg { width: 14px; height: 14px; margin-right: .35rem; vertical-align: -2px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; overflow-wrap: normal; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; } .right { text-align: right; white-space: nowrap; }
@media print { :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --good: #256628; --warn: #855300; --bad: #b3261e;
  --c0: #2e9e4f; --c1: #0072b2; --c2: #b97800; --c3: #d55e00; --c4: #a8558a; --c5: #2b8fc7; --c6: #6b6b6b; --c7: #7a57a5; }
  body { max-width: none; padding: 0; font-size: 10pt; } table { font-size: 8pt; } th, td { padding-right: .5rem; } .wide { overflow: visible; }
  h2 { break-after: avoid; } tr, figure { break-inside: avoid; } thead { display: table-header-group; } }
@page { margin: 15mm; }
`;
