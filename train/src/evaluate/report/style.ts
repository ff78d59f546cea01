/** The style of the report: light, dark, narrow and on paper. It loads nothing. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #fff; --ink: #1d2125; --quiet: #62686e; --grid: #e4e2dc;
  --ours: #0b6e5f; --rival: #c2410c; --third: #6d4bc1; --fourth: #a16207; --other: #b3b7bb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --card: #1d2125; --ink: #e9ebec; --quiet: #9ca3a9; --grid: #343a40;
    --ours: #4fd1b8; --rival: #fb923c; --third: #b19cf3; --fourth: #e0b84c; --other: #626a72;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 28px 16px 64px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 44px 0 4px; }
h3 { font-size: 14px; margin: 0 0 8px; }
p { margin: 0 0 12px; max-width: 72ch; }
.quiet, caption { color: var(--quiet); }
.lead { font-size: 17px; margin: 12px 0 20px; }
.grid { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); align-items: start; }
.tiles { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); margin-bottom: 14px; }
.card { background: var(--card); border: 1px solid var(--grid); border-radius: 10px; padding: 14px; margin: 0; min-width: 0; }
.tiles dt { color: var(--quiet); font-size: 13px; }
.tiles dd { margin: 0; font-size: 26px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tiles dd small { display: block; font-size: 12px; line-height: 1.4; color: var(--quiet); }
svg { display: block; width: 100%; max-width: 540px; height: auto; margin: 0 auto; font-family: inherit; }
svg text { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
details { margin-top: 10px; }
summary { cursor: pointer; color: var(--quiet); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; margin-top: 6px; width: 100%; }
caption { text-align: left; padding-bottom: 4px; }
th, td { padding: 4px 8px; border-bottom: 1px solid var(--grid); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; }
thead th { color: var(--quiet); font-weight: 500; }
tbody th { font-weight: 400; }
tr.ours th, tr.ours td { font-weight: 650; color: var(--ours); }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 12px; padding: 0; list-style: none; font-size: 13px; }
.key i { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 50%; background: var(--ours); }
.key .rival i { background: var(--rival); border-radius: 0; transform: rotate(45deg) scale(.85); }
.key .other i { background: var(--other); border-radius: 0; width: 3px; height: 12px; vertical-align: -2px; }
.facts { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 4px 18px; margin: 0; font-size: 14px; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; }
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --quiet: #555; --grid: #ccc;
    --ours: #0b6e5f; --rival: #c2410c; --third: #6d4bc1; --fourth: #a16207; --other: #aaa; }
  body { max-width: none; padding: 0; font-size: 11pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .card, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .grid { grid-template-columns: 1fr; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: 2px 5px; white-space: normal; }
  details::details-content { content-visibility: visible; }
  summary { list-style: none; }
}
`
