import { expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import { openGrantVault } from '../../../../src/runtime/adapters/source/grant-vault.ts';
import { openDatabase } from '../../../../src/runtime/adapters/store/postgres-database.ts';
import { migrateDatabase } from '../../../../src/runtime/adapters/store/postgres-migrate.ts';
import { createPostgresStore } from '../../../../src/runtime/adapters/store/postgres.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { openGrant } from '../../../../src/sage/grant.ts';
import type { RefreshResult } from '../../../../src/sage/refresh-tokens.ts';
import { startPostgres } from '../../../postgres-server.ts';

it('refreshes once when twenty workers meet an expired token at the same time', async () => {
  await using server = await startPostgres();
  const address = await server.createDatabase();
  await using opened = new AsyncDisposableStack();
  const cipher = createTokenCipher(generateTokenKey());
  const credentials = {
    clientId: 'app',
    clientSecret: new Secret('secret'),
    refreshToken: new Secret('the file’s token'),
  };
  const used: string[] = [];
  const refresh = async (token: Secret): Promise<RefreshResult> => {
    used.push(token.reveal());
    await new Promise((resolve) => setImmediate(resolve));
    const tokens = {
      accessToken: new Secret(`access ${used.length}`),
      refreshToken: new Secret(`refresh ${used.length}`),
      accessExpiresMs: Date.now() + 300_000,
      refreshExpiresMs: undefined,
    };
    return { kind: 'refreshed', tokens };
  };
  const workers = Array.from({ length: 20 }, () => {
    const database = opened.use(openDatabase(address, { connections: 1 }));
    const { grants } = createPostgresStore(database, { cipher, crash: () => undefined });
    const ports = { grants, cipher, crash: () => undefined, report: () => undefined };
    const vault = openGrantVault({ id: 'acme', credentials }, ports);
    return { database, grant: openGrant({ vault, refresh, now: Date.now, onRefreshed: () => undefined }) };
  });
  for (const { database } of workers.slice(0, 1)) await migrateDatabase(database);

  const results = await Promise.all(workers.map(({ grant }) => grant.accessToken()));
  expect(used).toEqual(['the file’s token']);
  for (const result of results) {
    expect(result.kind === 'token' && result.accessToken.reveal()).toBe('access 1');
  }

  const renewed = await Promise.all(workers.map(({ grant }) => grant.renew(new Secret('access 1'))));
  expect(used).toEqual(['the file’s token', 'refresh 1']);
  expect(renewed.every(({ kind }) => kind === 'token')).toBe(true);
});
