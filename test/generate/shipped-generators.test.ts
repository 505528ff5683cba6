import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../src/document/read-documents.ts';
import { toValue } from '../../src/document/to-value.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');

/** Instances whose names, resources and URLs try to get out of their place. */
const hostileNames = [
  'x: "y" # z',
  '| `a` | <!-- [b](c)',
  '*/ } export const pwned = 1; /*',
  '}} {{yaml name',
  "${{ secrets.KEY }}\n- ' x",
];
const hostile = JSON.stringify(
  hostileNames.map((name) => ({
    element: { key: 'sageone' },
    name,
    configuration: {
      'oauth.api.key': '${env:A}',
      'oauth.api.secret': 'hunter2hunter2',
      'oauth.callback.url': 'https://app.example.com',
      'event.notification.callback.url':
        'https://user:hunter2hunter2@app.example.com/a*/b?token=hunter2hunter2',
      'event.poller.configuration': {
        customers: { url: `/hubs/finance/customers?where=attributes='created_at,a"b\`c|d*/'`, idField: 'id' },
        [`we"ird*/ ${name}`]: { url: '/hubs/finance/customers?fields=all', idField: 'id' },
        x__proto__: { url: '/hubs/finance/invoices' },
      },
    },
  })),
);

describe('types', () => {
  test('compile under strict, and tell one record from another', async () => {
    await using folder = await temporaryFolder();
    const { stdout } = await generate('types', ['--resources', 'customers,transactions']);
    await writeFile(join(folder.path, 'sage-events.ts'), stdout);
    await writeFile(join(folder.path, 'use.ts'), useOfTypes);
    expect(compile(folder.path)).toBe('');
  });

  test('compile whatever the names are', async () => {
    await using folder = await temporaryFolder();
    const { stdout } = await generate('types', ['-'], hostile);
    await writeFile(join(folder.path, 'sage-events.ts'), stdout);
    expect(compile(folder.path)).toBe('');
    expect(stdout).not.toMatch(/^export const pwned/m);
  });
});

const useOfTypes = `import type { Notification, SageRecords, RawOf } from './sage-events.ts';
export function datesOf({ message }: Notification): readonly (string | null | undefined)[] {
  return message.raw.objectType === 'customers'
    ? (message.raw as RawOf<'customers'>).customers.map((record) => record.updated_at)
    : [];
}
export const flag = (record: SageRecords['transactions']): boolean | null | undefined => record.deleted;
// @ts-expect-error customers have no such flag
export const wrong = (record: SageRecords['customers']) => record.deleted;
`;

describe('asyncapi', () => {
  test.each([
    ['every resource', ['--all'], ''],
    ['hostile names', ['-'], hostile],
  ])('is valid for %s, by the official parser', async (_what, argumentList, stdin) => {
    const { stdout } = await generate('asyncapi', argumentList, stdin);
    const { document, diagnostics } = await parser().parse(stdout);
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(document?.operations().all().length).toBe(stdin === '' ? 1 : 5);
    expect(document?.messages().all().length).toBeGreaterThan(2);
  });
});

/** The part of the official parser that is used here; its own types drag in another copy of everything. */
interface AsyncApiParser {
  readonly parse: (text: string) => Promise<{
    readonly document?: { readonly operations: () => Collection; readonly messages: () => Collection };
    readonly diagnostics: readonly { readonly severity: number; readonly message: string }[];
  }>;
}

interface Collection {
  readonly all: () => readonly unknown[];
}

function parser(): AsyncApiParser {
  const { Parser } = createRequire(import.meta.url)('@asyncapi/parser') as {
    Parser: new () => AsyncApiParser;
  }; // as it documents
  return new Parser();
}

describe('docs', () => {
  test('is a page with one row for each entry, and what it does not see', async () => {
    const { stdout } = await generate('docs', ['--resources', 'customers,sales-quotes']);
    expect(stdout).toContain('| customers | yes | yes |');
    expect(stdout).toContain('| sales-quotes | yes | no |');
    expect(stdout).toContain(
      '`GET /contacts?contact_type_id=CUSTOMER&attributes=created_at,updated_at&updated_or_created_since=TIME`',
    );
    expect(stdout).toContain('Sage has no deleted\\_since for "sales-quotes"');
    expect(stdout).toContain('Every 15 minutes.');
  });

  test('keeps its tables and headings whatever the names are', async () => {
    const { stdout } = await generate('docs', ['-'], hostile);
    const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBe(5 * 5);
    expect(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 7)).toEqual([]);
    expect(stdout.match(/^## /gm)?.length).toBe(5);
    expect(stdout.replace(/<!--.*-->/, '')).not.toContain(' <!--');
  });
});

describe('ci', () => {
  test.each(['github', 'gitlab', 'pre-commit'])('makes YAML for %s that names the files', async (format) => {
    await using folder = await temporaryFolder({ 'tenants/a.yaml': body });
    const { stdout } = await runCommand(['generate', '--generator', 'ci', '-f', format, 'tenants/a.yaml'], {
      workingDirectory: folder.path,
    });
    const [document] = readDocuments(stdout, { syntax: 'yaml' });
    expect(document?.findings).toEqual([]);
    expect(JSON.stringify(document?.root && toValue(document.root))).toMatch(/tenants\/a\\*\.yaml/);
  });

  test('refuses a file name that a shell or the system would read as more', async () => {
    for (const name of ['${{ github.token }}.yaml', 'a; rm -rf ~.yaml', '$(id).yaml', "it's.yaml"]) {
      await using folder = await temporaryFolder({ [name]: body });
      const run = await runCommand(['generate', '--generator', 'ci', name], {
        workingDirectory: folder.path,
      });
      expect(run).toMatchObject({ stdout: '', stderr: expect.stringContaining('cannot stand in a CI file') });
      expect(run.exitCode).not.toBe(0);
    }
  });
});

const body = 'customers: {url: "/hubs/finance/customers?where=lastModifiedDate>=\'${gmtDate:yyyy}\'"}\n';

test.each(['types', 'asyncapi', 'docs'])('%s never holds a secret', async (name) => {
  const { stdout } = await generate(name, ['-'], hostile);
  expect(stdout).not.toContain('hunter2');
});

async function generate(name: string, argumentList: readonly string[], stdin = '') {
  const run = await runCommand(['generate', '--generator', name, ...argumentList], { stdin });
  expect(run).toMatchObject({ exitCode: 0 });
  return run;
}

/** What the compiler says; nothing where all is well. */
function compile(folder: string): string {
  const flags = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--skipLibCheck',
    '--types',
    '',
    '--noUncheckedIndexedAccess',
    '--exactOptionalPropertyTypes',
    '--allowImportingTsExtensions',
    '--ignoreConfig',
  ];
  try {
    return execFileSync(
      join(root, 'node_modules/.bin/tsc'),
      [...flags, ...['sage-events.ts', 'use.ts'].filter((file) => existsSync(join(folder, file)))],
      { cwd: folder, encoding: 'utf8' },
    );
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}
