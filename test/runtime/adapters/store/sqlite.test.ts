import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import { openSqliteStore } from '../../../../src/runtime/adapters/store/sqlite.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { describeStoreContract } from '../../store-contract.ts';
import type { OpenedStore } from '../../store-contract.ts';

const options = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };

async function open(): Promise<OpenedStore> {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'state.db');
  let store = openSqliteStore(file, options);
  return {
    store,
    reopen: async () => {
      await store[Symbol.asyncDispose]();
      store = openSqliteStore(file, options);
      return store;
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describeStoreContract('SQLite', open);

describe('openSqliteStore', () => {
  it('keeps others out, and says who is in', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'state.db');
    const store = openSqliteStore(file, options);
    const startedMs = performance.now();
    expect(() => openSqliteStore(file, options)).toThrow(`is in use by process ${process.pid} on `);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    await store[Symbol.asyncDispose]();
    await openSqliteStore(file, options)[Symbol.asyncDispose]();
  });

  it('makes folder and files for its own user alone', async () => {
    await using folder = await temporaryFolder();
    const made = join(folder.path, 'above', 'state');
    await using store = openSqliteStore(join(made, 'state.db'), options);
    await store.grants.markDead('acme', 'a write, so that the write-ahead log is there');
    const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    const names = await readdir(made);
    const files = ['state.db', 'state.db-lock', 'state.db-owner', 'state.db-shm', 'state.db-wal'];
    expect(names).toEqual(expect.arrayContaining(files));
    for (const name of names) expect([name, await modeOf(join(made, name))]).toEqual([name, 0o600]);
    expect(await modeOf(made)).toBe(0o700);
    expect(await modeOf(join(folder.path, 'above'))).toBe(0o700);
  });

  it('refuses a file of a later version', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'state.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 999');
    database.close();
    expect(() => openSqliteStore(file, options)).toThrow('was written by a newer sagecfg');
  });

  it('writes no token as it is', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'state.db');
    const store = openSqliteStore(file, options);
    await store.grants.write('acme', {
      tokens: {
        accessToken: new Secret('planted-access-token'),
        refreshToken: new Secret('planted-refresh-token'),
        accessExpiresMs: 0,
        refreshExpiresMs: undefined,
      },
      seedMark: options.cipher.mark(new Secret('planted-refresh-token')),
    });
    for (const name of await readdir(folder.path)) {
      expect((await readFile(join(folder.path, name))).includes('planted')).toBe(false);
    }
    await store[Symbol.asyncDispose]();
  });
});
