/** Findings of low confidence do not show in fixtures.test.ts; this check has no others. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';

test('a client that is made and closed in one function is reported, at low confidence', async () => {
  const { findings } = await scan({
    paths: ['HttpUtil.java'],
    cwd: join(import.meta.dirname, '../fixtures/java/per-call'),
    minConfidence: 'low',
    checks: ['client-per-call'],
    modelFiles: [],
    exclude: [],
    verify: true,
  });
  expect(findings.map(({ check, symbol, confidence }) => `${check} ${symbol} ${confidence}`)).toEqual([
    'client-per-call java:com.acme.http.HttpUtil#postAndClose low',
  ]);
});
