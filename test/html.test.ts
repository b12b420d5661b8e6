/** The page: that it holds what it should, and, where there is a Chromium, that a browser shows and filters it. */
import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leaky = (name: string): string => `import java.io.*;
class Reader {
  int ${name}(File file, boolean b) throws IOException {
    FileInputStream in = new FileInputStream(file);
    String s = "</script><img src=x onerror=alert(1)>";
    if (b) {
      return 0;
    }
    in.close();
    return 1;
  }
  int once(File file) throws IOException { return new FileInputStream(file).read(); }
}
`;

async function page(): Promise<{ html: string; cwd: string }> {
  const cwd = temporaryFolder({ 'src/A.java': leaky('first'), 'src/B.java': leaky('second') });
  const { out, code } = await closewait(['scan', '--format', 'html'], cwd);
  expect(code).toBe(1);
  return { html: out, cwd };
}

test('code and path of each finding; text of the source stays text', async () => {
  const { html } = await page();
  expect(html.match(/<article /g)).toHaveLength(4);
  expect(html).toContain(
    '<span class="step acquired"><b>1</b> <code>new FileInputStream</code> acquires it into <code>in</code></span>',
  );
  expect(html).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
  expect(html).not.toContain('<img');
  expect(html).not.toMatch(/(src|href)="(?!#|https:\/\/github\.com\/closewait\/)/);
});

test('nothing found', async () => {
  const { out } = await closewait(['scan', '--format', 'html'], temporaryFolder());
  expect(out).toContain('<p id="summary">no findings in 0 files</p>');
});

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version'], { encoding: 'utf8' }).status === 0,
);
if (chromium === undefined) console.log('no Chromium here: the page was not looked at in a browser');

describe.skipIf(chromium === undefined)('in a browser', () => {
  const look = (...args: readonly string[]): string => {
    const options = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--virtual-time-budget=2000',
      '--window-size=1000,1400',
    ];
    const { stdout, stderr, status } = spawnSync(chromium ?? '', [...options, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };
  const hiddenIn = (dom: string): string[] =>
    [...dom.matchAll(/<article [^>]*data-text="([^"]*)"[^>]*hidden/g)].map(([, text = '']) => text.split(' ')[0] ?? '');

  test('all is shown, then what a search, a check and a severity leave', async () => {
    const { html, cwd } = await page();
    const file = join(cwd, 'report.html');
    writeFileSync(file, html);
    const url = `file://${file}`;
    expect(hiddenIn(look('--dump-dom', url))).toEqual([]);
    const searched = look('--dump-dom', `${url}#search=B.java`);
    expect(hiddenIn(searched)).toEqual(['src/a.java', 'src/a.java']);
    expect(searched).toContain('<output id="shown">2 of 4 shown</output>');
    expect(searched).toMatch(/<section class="file" hidden="">/);
    expect(hiddenIn(look('--dump-dom', `${url}#check=lost-reference`))).toHaveLength(2);
    expect(hiddenIn(look('--dump-dom', `${url}#severity=note`))).toHaveLength(4);
    const picture = join(cwd, 'report.png');
    look(`--screenshot=${picture}`, url);
    expect(statSync(picture).size).toBeGreaterThan(10_000);
  });
});
