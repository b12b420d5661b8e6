/**
 * One page with everything in it: findings by file, each with its code and the path drawn into it, step by step. Search and
 * filters work without a server, and without scripts the page shows all. Nothing is loaded from elsewhere.
 */
import type { ReportedFinding } from '../../findings/select.ts';
import type { LineMap } from '../../findings/line-map.ts';
import { byPath, lineMaps } from '../report.ts';
import type { ReportInput } from '../report.ts';
import { pageOf } from '../../findings/addresses.ts';
import { summaryLine } from '../text.ts';
import { codeWithSteps } from './code.ts';
import { escaped } from './escaped.ts';
import { script } from './script.ts';
import { style } from './style.ts';

export function htmlReport(input: ReportInput): string {
  const mapOf = lineMaps(input.texts);
  const checks = [...new Set(input.findings.map(({ check }) => check))].sort();
  const files = [...byPath(input.findings)].map(([path, findings]) => fileSection(path, findings, mapOf(path)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>closewait: ${escaped(summaryLine(input))}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>closewait</h1>
<p id="summary">${escaped(summaryLine(input))}</p>
<form id="filters" role="search">
<label>Search <input id="search" type="search" placeholder="file, function, message" autocomplete="off"></label>
<label>Check <select id="check"><option value="">all</option>${checks.map((check) => `<option>${escaped(check)}</option>`).join('')}</select></label>
<label>Severity <select id="severity"><option value="">all</option><option>error</option><option>warning</option><option>note</option></select></label>
<output id="shown"></output>
</form>
</header>
<main>
${files.join('')}${problems(input)}</main>
<footer>closewait ${escaped(input.version)}</footer>
<script>${script}</script>
</body>
</html>
`;
}

function fileSection(path: string, findings: readonly ReportedFinding[], map: LineMap): string {
  return `<section class="file"><h2>${escaped(path)}</h2>\n${findings.map((finding) => findingArticle(finding, map)).join('')}</section>\n`;
}

function findingArticle(finding: ReportedFinding, map: LineMap): string {
  const { check, severity, confidence, message, symbol, fingerprint, path } = finding;
  const { line } = map.position(finding.acquiredAt.start);
  const text = [path, symbol, message, check].join(' ').toLowerCase();
  return `<article class="finding ${severity}" id="f-${escaped(fingerprint)}" data-check="${check}" data-severity="${severity}" data-text="${escaped(text)}">
<h3><a href="#f-${escaped(fingerprint)}">line ${String(line)}</a> <a class="check" href="${pageOf(check)}" rel="noreferrer">${escaped(check)}</a> <span class="severity">${severity}, ${confidence} confidence</span></h3>
<p>${inline(message)}</p>
${codeWithSteps(finding, map)}<p class="symbol">${escaped(symbol)}</p>
</article>
`;
}

function problems({ problems: all }: ReportInput): string {
  if (all.length === 0) return '';
  const items = all.map(({ path, line, message }) => {
    const place = line === undefined ? path : `${path}:${String(line)}`;
    return `<li><code>${escaped(place)}</code> ${escaped(message)}</li>`;
  });
  return `<section class="problems"><h2>Not analysed in full</h2><ul>${items.join('')}</ul></section>\n`;
}

/** Messages put names in backticks. */
function inline(message: string): string {
  return escaped(message).replace(/`([^`]*)`/g, '<code>$1</code>');
}
