/** What is found does not depend on where somebody stands. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scan } from '../src/analyze.ts';
import { temporaryFolder } from './temporary-folder.ts';

const store = `package store

type Log struct{ size int }

// Opens nothing.
func Open(name string) (*Log, error) { return &Log{size: len(name)}, nil }

func (l *Log) Close() error { return nil }
`;

const app = `package app

import (
	"errors"
	"os"

	"example.com/shop/deep/store"
)

func size(name string) (int, error) {
	log, err := store.Open(name)
	if err != nil {
		return 0, err
	}
	if name == "" {
		return 0, errors.New("no name")
	}
	defer log.Close()
	file, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	if name == "x" {
		return 0, errors.New("no such name")
	}
	return 1, file.Close()
}
`;

test('packages of a Go module are found from inside, from beside and from above', async () => {
  const folder = temporaryFolder({ 'shop/deep/store/store.go': store, 'shop/app/app.go': app, 'other/a.txt': '' });
  for (const [cwd, path] of [
    ['shop', '.'],
    ['other', '../shop'],
    ['other', join(folder, 'shop')],
    ['shop/app', '..'],
  ] as const)
    expect(await found(folder, cwd, path), `${path} from ${cwd}`).toEqual(['leak file']);
});

describe('of a Go module whose path is not its folder', () => {
  const files = {
    'services/a/go.mod': 'module example.com/shop\n\ngo 1.22\n',
    'services/a/deep/store/store.go': store,
    'services/a/app/app.go': app,
    'services/b/go.mod': 'module example.com/other\n',
    'services/b/deep/store/store.go': store.replace('size int }', 'size int }\n\nvar file, _ = os.Open("x")'),
    'other/a.txt': '',
  };

  test.each([
    ['.', '.'],
    ['services', 'a'],
    ['services/a', '.'],
    ['services/a/app', '..'],
    ['other', '../services'],
  ])('packages are found from %s, scanning %s', async (cwd, path) => {
    expect(await found(temporaryFolder(files), cwd, path)).toEqual(['leak file']);
  });

  test('a module named like another says nothing', async () => {
    const same = { ...files, 'services/b/go.mod': 'module example.com/shop\n' };
    expect(await found(temporaryFolder(same), '.', '.')).toEqual(['leak log', 'leak file']);
  });
});

async function found(folder: string, cwd: string, path: string): Promise<readonly string[]> {
  const options = { minConfidence: 'medium', checks: null, modelFiles: [], exclude: [], verify: true } as const;
  const { findings } = await scan({ ...options, cwd: join(folder, cwd), paths: [path] });
  return findings.map(({ check, variable }) => `${check} ${variable ?? ''}`);
}
