import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/runtime/adapters/store/sqlite.ts';
import { createTokenCipher, generateTokenKey } from '../../src/runtime/token-cipher.ts';
import { addEvents, failed, groupEach, operateState } from './operated-state.ts';
import type { OperatedState } from './operated-state.ts';

async function openFull(): Promise<OperatedState> {
  const state = await operateState();
  await addEvents(state.store, {}, {}, {});
  await groupEach(state.store);
  await state.store.outbox.markDead('n-e1', { attempt: failed, nowMs: 2000 });
  return state;
}

describe('sagecfg state export and import', () => {
  it('carries the state over, beside the process that has it', async () => {
    await using state = await openFull();
    const path = join(state.folder, 'state.ndjson');
    const exported = await state.command(['state', 'export', '-o', 'state.ndjson']);
    expect(exported).toMatchObject({ exitCode: 0, stdout: '' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const [header = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(header)).toMatchObject({ format: 'sagecfg state', version: 1 });
    expect(exported.stderr).toContain(`${lines.length} lines exported`);
    const imported = await state.command(['state', 'import', 'state.ndjson', '--state', 'copy.db']);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    const again = await state.command(['state', 'export', '--state', 'copy.db']);
    expect(again.stdout.trimEnd().split('\n').slice(1)).toEqual(lines);
    const status = (where: string) => state.command(['status', '--state', where, '-f', 'json']);
    expect((await status('copy.db')).stdout).toBe((await status('.sagecfg/state.db')).stdout);
  });

  it('takes the lines from standard input', async () => {
    await using state = await openFull();
    const { stdout } = await state.command(['state', 'export']);
    const imported = await state.command(['state', 'import', '-', '--state', 'copy.db'], { stdin: stdout });
    expect(imported.exitCode).toBe(0);
  });

  it('imports neither into a state with something in it, nor into one that somebody has', async () => {
    await using state = await openFull();
    await state.command(['state', 'export', '-o', 'state.ndjson']);
    const inUse = await state.command(['state', 'import', 'state.ndjson']);
    expect([inUse.exitCode, inUse.stderr]).toEqual([2, expect.stringContaining('is in use by process')]);
    await state.stop();
    const full = await state.command(['state', 'import', 'state.ndjson']);
    expect([full.exitCode, full.stderr]).toEqual([4, expect.stringContaining('the state is not empty')]);
  });

  it.each([
    ['', 'the input is empty'],
    ['{"kind":"poll"}\n', 'line 1 is not the beginning of a state'],
    ['{"format":"sagecfg state","version":9}\n', 'the export has version 9'],
    [
      '{"format":"sagecfg state","version":1}\n{"kind":"po',
      'line 2: expected a JSON object; is the file cut off?',
    ],
    ['{"format":"sagecfg state","version":1}\n{"kind":"pole","row":{}}\n', 'line 2: unknown kind "pole"'],
    [
      '{"format":"sagecfg state","version":1}\n{"kind":"instance","row":{"id":1,"endpoint":"x"}}\n',
      'line 2: field "id" of instance is no text',
    ],
    [
      '{"format":"sagecfg state","version":1}\n{"kind":"instance","row":{"id":"a","endpoint":"x","y":1}}\n',
      'line 2: unknown field "y" of instance',
    ],
  ])('refuses %j, and leaves nothing behind', async (text, message) => {
    await using state = await operateState();
    const imported = await state.command(['state', 'import', '-', '--state', 'copy.db'], { stdin: text });
    expect([imported.exitCode, imported.stderr]).toEqual([4, expect.stringContaining(message)]);
    const { stdout } = await state.command(['state', 'export', '--state', 'copy.db']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  it('refuses what it cannot do', async () => {
    await using state = await operateState();
    const stderrOf = async (...rest: readonly string[]): Promise<string> =>
      (await state.command(['state', ...rest])).stderr;
    expect(await stderrOf()).toContain('sagecfg state what? Expected one of export, import, copy');
    expect(await stderrOf('exprot')).toContain('did you mean sagecfg state export?');
    expect(await stderrOf('export', 'there')).toContain('-o "there" for a file');
    expect(await stderrOf('import')).toContain('import what?');
    expect(await stderrOf('import', 'nowhere', '--state', 'x.db')).toMatch(
      /cannot read ".*nowhere": no such file\n/,
    );
    expect(await stderrOf('import', '.', '--state', 'x.db')).toContain('is a folder\n');
    expect(await stderrOf('export', '--state', 'x.db')).toContain('there is no state yet');
    expect(await stderrOf('export', '-o', 'no/such/folder/x')).toContain('cannot write');
  });
});

describe('sagecfg state import --last-polls', () => {
  const lines =
    'instance,resource,time\n# from the platform\nNorth, Ltd,customers,2026-11-23T10:00:00Z\nbeta,invoices,2026-11-23\n';

  it('begins polls where another platform stopped', async () => {
    await using state = await operateState();
    await writeFile(join(state.folder, 'polls.csv'), lines);
    const imported = await state.command([
      'state',
      'import',
      '--last-polls',
      'polls.csv',
      '--state',
      'new.db',
    ]);
    expect(imported).toMatchObject({
      exitCode: 0,
      stdout: "2 polls begin where the lines say; now 'sagecfg run'\n",
    });
    const options = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };
    await using store = openSqliteStore(join(state.folder, 'new.db'), options);
    const since = { baseline: 'since', scans: { changes: { watermarkMs: undefined } } };
    expect(await store.polls.list()).toMatchObject([
      { instanceId: 'North, Ltd', resource: 'customers', baselineMs: Date.UTC(2026, 10, 23, 10), ...since },
      { instanceId: 'beta', resource: 'invoices', baselineMs: Date.UTC(2026, 10, 23), ...since },
    ]);
  });

  it.each([
    ['acme,customers', 'line 1: expected INSTANCE,RESOURCE,TIME'],
    ['acme,customers,2026-11-23T10:00:00', 'line 1: "2026-11-23T10:00:00" is no time with its zone'],
    ['a,b,2026-11-23\na,b,2026-11-24', 'line 2: a second time for a,b'],
    ['\n', 'there is no line INSTANCE,RESOURCE,TIME'],
  ])('refuses %j', async (text, message) => {
    await using state = await operateState();
    const { exitCode, stderr } = await state.command(
      ['state', 'import', '--last-polls', '-', '--state', 'new.db'],
      { stdin: text },
    );
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(message)]);
  });

  it('leaves a poll that is known as it is', async () => {
    await using state = await operateState();
    await state.stop();
    const stdin = 'fresh,customers,2026-11-23\nacme,customers,2026-11-23\n';
    const { exitCode, stderr } = await state.command(['state', 'import', '--last-polls', '-'], { stdin });
    expect([exitCode, stderr]).toEqual([
      4,
      expect.stringContaining('the state already polls acme/customers'),
    ]);
    expect((await state.command(['status', '-f', 'json'])).stdout).not.toContain('fresh');
  });
});
