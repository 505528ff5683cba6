import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src/runtime/adapters/store/sqlite.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

it('an SQLite state remembers what was reserved, of a business and of its app', async () => {
  await using folder = await temporaryFolder();
  const ports = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };
  const file = join(folder.path, 'state.db');
  const reservation = { app: 'a', business: 'north', requests: 3, untilMs: 5000 };
  const other = { ...reservation, business: 'south', untilMs: 6000 };
  {
    await using store = openSqliteStore(file, ports);
    store.requests.reserve({ ...reservation, untilMs: 100 }, 0);
    store.requests.reserve(reservation, 1000);
    store.requests.reserve(other, 1000);
    store.requests.reserve({ ...other, app: 'b' }, 1000);
  }
  await using store = openSqliteStore(file, ports);
  expect(store.requests.recall({ app: 'a' })).toEqual([reservation, other]);
  expect(store.requests.recall({ app: 'a', business: 'south' })).toEqual([other]);
  expect(store.requests.recall({ app: 'c' })).toEqual([]);
});
