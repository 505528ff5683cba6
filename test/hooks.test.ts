import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDocuments } from '../src/document/read-documents.ts';
import { toValue } from '../src/document/to-value.ts';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

const root = resolve(import.meta.dirname, '..');
const good =
  '{"customers": {"url": "/hubs/finance/customers?where=a>\'${gmtDate:yyyy-MM-dd}\'", "idField": "id"}}\n';
const bad = good.replace(', "idField"', ' "idField"');

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
  readonly require_serial: boolean;
}

let hooks: readonly Hook[] = [];

beforeAll(async () => {
  const text = await readFile(join(root, '.pre-commit-hooks.yaml'), 'utf8');
  const document = readDocuments(text)[0]?.root;
  if (document) hooks = toValue(document) as unknown as readonly Hook[]; // our own file
});

/** A repository whose hook runs the entry of ours on the staged files, as pre-commit does. */
async function repositoryWithHook(id: string): Promise<TemporaryFolder> {
  const folder = await temporaryFolder({ 'bin/.keep': '' });
  const entry = hooks.find((hook) => hook.id === id)?.entry ?? '';
  await symlink(join(root, 'dist/sagecfg.cjs'), join(folder.path, 'bin/sagecfg'));
  git(folder, 'init', '--quiet');
  const hook = join(folder.path, '.git/hooks/pre-commit');
  await mkdir(join(folder.path, '.git/hooks'), { recursive: true });
  await writeFile(hook, `#!/bin/sh\n${entry} $(git diff --cached --name-only --diff-filter=ACMR)\n`);
  await chmod(hook, 0o755);
  return folder;
}

function git({ path }: TemporaryFolder, ...argumentList: readonly string[]) {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...argumentList], {
    cwd: path,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: [join(path, 'bin'), resolve(process.execPath, '..'), process.env['PATH']].join(delimiter),
      PRE_COMMIT: '1',
    },
  });
  return { status, said: stdout + stderr };
}

describe('the hooks', () => {
  it('refuse a commit with a broken configuration and say why; after --fix it passes', async () => {
    await using folder = await repositoryWithHook('sagecfg');
    await mkdir(join(folder.path, 'tenants'));
    await writeFile(join(folder.path, 'tenants/acme.json'), bad);
    git(folder, 'add', 'tenants');
    const refused = git(folder, 'commit', '-m', 'add acme');
    expect(refused.status).not.toBe(0);
    expect(refused.said).toContain('missing comma between two values');
    expect(refused.said).toContain('tenants/acme.json:1:');

    const fixed = spawnSync(
      process.execPath,
      [join(root, 'dist/sagecfg.cjs'), 'validate', '--fix', 'tenants/acme.json'],
      {
        cwd: folder.path,
      },
    );
    expect(fixed.status).toBe(0);
    git(folder, 'add', 'tenants');
    expect(git(folder, 'commit', '-m', 'add acme')).toMatchObject({ status: 0 });
  });

  it('run in one process, since some rules compare files', () => {
    expect(hooks.map(({ require_serial: isSerial }) => isSerial)).toEqual(hooks.map(() => true));
  });

  it.each([
    ['tenants/acme.yaml', true],
    ['instances/uk/acme.json', true],
    ['pollers/customers.yml', true],
    ['package.json', false],
    ['.github/workflows/ci.yml', false],
    ['src/tenants/a.yaml', false],
  ])('take %s: %s', (file, isTaken) => {
    for (const { files } of hooks) expect(new RegExp(files).test(file)).toBe(isTaken);
  });
});
