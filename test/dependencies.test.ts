/** `vendor/` of Go: called like the project's own code, and not judged unless it is asked for. */
import { describe, expect, test } from 'vitest';
import { dependencyTest } from '../src/project/dependencies.ts';
import { closewait } from './closewait.ts';
import { temporaryFolder } from './temporary-folder.ts';

const files = `package files
import "os"
func Look(f *os.File) int64 { info, _ := f.Stat(); return info.Size() }
func Size(path string) int64 {
	f, _ := os.Open(path)
	info, _ := f.Stat()
	return info.Size()
}
`;
const shop = `package shop
import (
	"os"
	"example.com/files"
)
func first(path string) int64 {
	f, _ := os.Open(path)
	return files.Look(f)
}
func second(path string) int64 {
	f, _ := os.Open(path)
	info, _ := f.Stat()
	return info.Size()
}
`;

async function found(args: readonly string[]): Promise<string[]> {
  const cwd = temporaryFolder({
    'go.mod': 'module example.com/shop\n',
    'shop.go': shop,
    'vendor/example.com/files/files.go': files,
  });
  const { out } = await closewait(['scan', ...args, '--format', 'json'], cwd);
  const { findings } = JSON.parse(out) as { findings: { path: string; line: number }[] };
  return findings.map(({ path, line }) => `${path}:${String(line)}`);
}

describe('code of others within the project', () => {
  // What nobody knows might keep the file of the first function.
  test('is called, and not judged', async () => {
    expect(await found(['.'])).toEqual(['shop.go:7', 'shop.go:11']);
  });

  test('is judged if it is asked for', async () => {
    expect(await found(['vendor/example.com'])).toEqual(['vendor/example.com/files/files.go:5']);
    expect(await found(['vendor/example.com/files/files.go'])).toEqual(['vendor/example.com/files/files.go:5']);
    expect(await found(['.', 'vendor'])).toEqual(['shop.go:7', 'shop.go:11', 'vendor/example.com/files/files.go:5']);
  });

  test('is told by the folders below what was asked for', () => {
    const isDependency = dependencyTest(['vendor'], ['a'], '/work');
    expect(['a/vendor/b.go', 'a/b/vendor/c/d.go'].every(isDependency)).toBe(true);
    expect(['a/vendor.go', 'a/b/vendors/d.go'].some(isDependency)).toBe(false);
    expect(dependencyTest([], ['.'], '/work')('vendor/a.java')).toBe(false);
  });
});
