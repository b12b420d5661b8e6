/**
 * The language server of VS Code's ESLint extension, driven over stdio as the editor does: what a user sees in
 * Java, Go, Python and TypeScript, with the settings that docs/eslint.md names.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { builtPlugin, isBuilt } from './built.ts';
import { go, java, python } from './eslint-sources.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = join(import.meta.dirname, '..');
const server = createRequire(import.meta.url).resolve('vscode-langservers-extracted/bin/vscode-eslint-language-server');

const typescript = `import { openSync } from 'node:fs';
export function sizeOf(name: string): number {
  const from = openSync(name, 'r');
  if (name === '') return 0;
  return name.length;
}
`;
const files = {
  'Invoices.java': java,
  'invoices.go': go,
  'invoices.py': python,
  'invoices.ts': typescript,
  'eslint.config.mjs': `import closewait from ${JSON.stringify(pathToFileURL(builtPlugin).href)};
import tseslint from 'typescript-eslint';
export default [
  { ...tseslint.configs.base, files: ['**/*.ts'] },
  closewait.configs.recommended,
  ...closewait.configs.languages,
];
`,
};

/** What the extension answers for a language that `eslint.validate` names. */
const settings = {
  validate: 'on',
  packageManager: 'npm',
  useESLintClass: true,
  useFlatConfig: true,
  experimental: {},
  codeAction: {
    disableRuleComment: { enable: true, location: 'separateLine', commentStyle: 'line' },
    showDocumentation: { enable: true },
  },
  codeActionOnSave: { mode: 'all' },
  format: false,
  quiet: false,
  onIgnoredFiles: 'off',
  options: {},
  rulesCustomizations: [],
  run: 'onType',
  problems: { shortenToSingleLine: false },
  nodePath: null,
};

interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

describe.runIf(isBuilt(builtPlugin))('in VS Code', () => {
  let child: ChildProcessWithoutNullStreams;
  let connection: MessageConnection;
  let folder = '';

  beforeAll(async () => {
    folder = temporaryFolder(files);
    mkdirSync(join(folder, 'node_modules'));
    for (const name of ['eslint', 'typescript-eslint'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    child = spawn(process.execPath, [server, '--stdio'], { cwd: folder });
    connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const workspaceFolder = { uri: pathToFileURL(folder).href, name: 'invoices' };
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => ({ ...settings, workspaceFolder })),
    );
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: workspaceFolder.uri,
      workspaceFolders: [workspaceFolder],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          diagnostic: {},
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
        },
      },
    });
    await connection.sendNotification('initialized', {});
  });

  afterAll(async () => {
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    connection.dispose();
    child.kill();
  });

  async function open(name: string, languageId: string, text: string): Promise<string> {
    const uri = pathToFileURL(join(folder, name)).href;
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
    return uri;
  }

  async function diagnosticsOf(uri: string): Promise<readonly Diagnostic[]> {
    const { items } = await connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    return items;
  }

  test.each([
    ['Invoices.java', 'java', java, 4, 27, true],
    ['invoices.go', 'go', go, 5, 14, true],
    ['invoices.py', 'python', python, 4, 11, true],
    // No fix is written for a descriptor that nothing uses.
    ['invoices.ts', 'typescript', typescript, 2, 15, false],
  ])('%s', async (name, languageId, text, line, character, isFixed) => {
    const uri = await open(name, languageId, text);
    const diagnostics = await diagnosticsOf(uri);
    expect(diagnostics).toMatchObject([{ code: 'closewait/leak', range: { start: { line, character } } }]);
    expect(diagnostics[0]?.message).toMatch(/is not released on the path that ends in line/);
    const actions = await connection.sendRequest<{ title: string }[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
    expect(actions.map(({ title }) => title)).toEqual([
      ...(isFixed ? ['Fix this closewait/leak problem'] : []),
      'Disable closewait/leak for this line',
      'Disable closewait/leak for the entire file',
      'Show documentation for closewait/leak',
      ...(isFixed ? ['Fix all auto-fixable problems'] : []),
    ]);
  });

  test('text that is not saved yet', async () => {
    const uri = await open('Unsaved.java', 'java', java.replace('return 0', 'from.close()'));
    expect(await diagnosticsOf(uri)).toHaveLength(1);
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [
        { text: java.replace('return from.read()', 'from.close()').replace('return 0', 'from.close()') },
      ],
    });
    expect(await diagnosticsOf(uri)).toEqual([]);
  });
});
