/** How the page looks; the colours follow the system's. */
export const style = `
:root { --text: #1c2024; --dim: #5f6b76; --back: #fff; --panel: #f5f7f9; --line: #dbe1e7; --error: #c4262e; --warning: #9a6700; --note: #3b6ea8; --path: #fff4d6; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8ec; --dim: #9aa7b4; --back: #14171a; --panel: #1d2227; --line: #343c44; --error: #ff7b80; --warning: #e3b341; --note: #79b0ec; --path: #3a3320; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font: 600 1rem ui-monospace, monospace; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; }
a { color: inherit; }
form { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
input, select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: .3rem; padding: .2rem .5rem; }
output, .severity, .symbol, footer { color: var(--dim); font-weight: normal; font-size: .9rem; }
article { border: 1px solid var(--line); border-left: .3rem solid var(--note); border-radius: .3rem; padding: .8rem 1rem; margin: 0 0 1rem; }
article.error { border-left-color: var(--error); }
article.warning { border-left-color: var(--warning); }
article p { margin: .3rem 0; }
pre { background: var(--panel); border-radius: .3rem; padding: .5rem 0; margin: .5rem 0; overflow-x: auto; font: 14px/1.45 ui-monospace, monospace; tab-size: 4; }
pre > span { display: block; padding: 0 1rem 0 0; white-space: pre; }
.number { display: inline-block; width: 4.5rem; padding-right: 1rem; text-align: right; color: var(--dim); user-select: none; }
.on-path { background: var(--path); }
.step { padding-left: 4.5rem; font-family: system-ui, sans-serif; }
.step b { display: inline-block; min-width: 1.4rem; text-align: center; border-radius: 1rem; background: var(--note); color: var(--back); margin-right: .3rem; }
.step.throws b, .step.leaks b, .step.overwritten b { background: var(--error); }
.gap { color: var(--dim); padding-left: 3rem; }
code { font-family: ui-monospace, monospace; font-size: .95em; }
[hidden] { display: none; }
`;
