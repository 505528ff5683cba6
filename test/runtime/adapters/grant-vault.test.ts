import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { openGrantVault } from '../../../src/runtime/adapters/source/grant-vault.ts';
import type { GrantStore } from '../../../src/runtime/ports/grant-store.ts';
import { createTokenCipher, generateTokenKey } from '../../../src/runtime/token-cipher.ts';
import { openGrant } from '../../../src/sage/grant.ts';
import type { GrantVault } from '../../../src/sage/grant.ts';
import type { TokenPair } from '../../../src/sage/request-tokens.ts';
import { openStore } from '../open-store.ts';

const cipher = createTokenCipher(generateTokenKey());
const pair = (name: string): TokenPair => ({
  accessToken: new Secret(`access ${name}`),
  refreshToken: new Secret(`refresh ${name}`),
  accessExpiresMs: 1000,
  refreshExpiresMs: undefined,
});

/** The vault of an instance whose file holds this refresh token. */
function openVault(
  grants: GrantStore,
  fileToken: string | undefined,
  reports: string[] = [],
  id = 'acme',
): GrantVault {
  const refreshToken = fileToken === undefined ? undefined : new Secret(fileToken);
  const credentials = { clientId: 'client', clientSecret: new Secret('secret'), refreshToken };
  const report = ({ kind }: { readonly kind: string }): number => reports.push(kind);
  return openGrantVault(
    { id, credentials },
    {
      grants,
      cipher,
      crash: () => undefined,
      report,
    },
  );
}

async function tokenIn(vault: GrantVault): Promise<string | undefined> {
  return (await vault.read())?.refreshToken.reveal();
}

describe('openGrantVault', () => {
  it('begins with the token of the file, and goes on with what was written', async () => {
    await using store = await openStore();
    const vault = openVault(store.grants, 'from file');
    expect(await tokenIn(vault)).toBe('from file');
    await vault.write(pair('1'));
    expect(await tokenIn(vault)).toBe('refresh 1');
    expect(await tokenIn(openVault(store.grants, 'from file'))).toBe('refresh 1');
    expect(await tokenIn(openVault(store.grants, undefined))).toBe('refresh 1');
  });

  it('takes another token that the file comes to hold', async () => {
    await using store = await openStore();
    const old = openVault(store.grants, 'from file');
    await old.read();
    await old.write(pair('1'));
    const vault = openVault(store.grants, 'authorised again');
    expect(await tokenIn(vault)).toBe('authorised again');
    await vault.write(pair('2'));
    expect(await tokenIn(openVault(store.grants, 'authorised again'))).toBe('refresh 2');
  });

  it('goes back to the stored grant when the file turns out to be an old one', async () => {
    await using store = await openStore();
    const reports: string[] = [];
    const first = openVault(store.grants, 'newer');
    await first.read();
    await first.write(pair('1'));
    const vault = openVault(store.grants, 'older', reports);
    expect(await tokenIn(vault)).toBe('older');
    await vault.markDead('refused');
    expect(await tokenIn(vault)).toBe('refresh 1');
    expect(reports).toEqual([]);
  });

  it('reports a grant that is dead, and gives nothing more once the file’s token is refused too', async () => {
    await using store = await openStore();
    const reports: string[] = [];
    const vault = openVault(store.grants, 'from file', reports);
    await vault.read();
    await vault.write(pair('1'));
    await vault.read();
    await vault.markDead('refused');
    expect(await tokenIn(vault)).toBe('from file');
    await vault.markDead('refused');
    expect(await vault.read()).toBeUndefined();
    expect(reports).toEqual(['reauthorisation-needed', 'reauthorisation-needed']);
    expect((await store.grants.read('acme'))?.tokens.refreshToken.reveal()).toBe('refresh 1');
  });

  it('keeps a token of the file that was refused at once, so that its end can be told', async () => {
    await using store = await openStore();
    const vault = openVault(store.grants, 'from file');
    await vault.read();
    await vault.markDead('refused');
    expect(await store.grants.list()).toMatchObject([{ instanceId: 'acme', deadReason: 'refused' }]);
    expect(await tokenIn(openVault(store.grants, 'from file'))).toBe('from file');
  });

  it('lets a grant stand that somebody has got while Sage was answering', async () => {
    await using store = await openStore();
    const reports: string[] = [];
    const vault = openVault(store.grants, undefined, reports);
    await store.grants.write('acme', { tokens: pair('1'), seedMark: '' });
    await vault.read();
    await store.grants.write('acme', { tokens: pair('of auth'), seedMark: 'new' });
    await vault.write(pair('2'));
    expect(await tokenIn(vault)).toBe('refresh of auth');
    await store.grants.write('acme', { tokens: pair('of auth again'), seedMark: 'newer' });
    await vault.markDead('refused');
    expect(await tokenIn(vault)).toBe('refresh of auth again');
    await vault.write(pair('3'));
    expect(await tokenIn(vault)).toBe('refresh 3');
    expect((await store.grants.read('acme'))?.seedMark).toBe('newer');
    expect(reports).toEqual([]);
  });

  it('is refreshed once for all instances whose files hold the same token', async () => {
    await using store = await openStore();
    const sent: string[] = [];
    const grants = ['north', 'south', 'west'].map((id) =>
      openGrant({
        vault: openVault(store.grants, 'one user', [], id),
        refresh: async (token) => {
          sent.push(token.reveal());
          return { kind: 'refreshed', tokens: { ...pair('1'), accessExpiresMs: 300_000 } };
        },
        now: () => 0,
        onRefreshed: () => undefined,
      }),
    );
    const answers = await Promise.all(grants.map((grant) => grant.accessToken()));
    expect(answers.map(({ kind }) => kind)).toEqual(['token', 'token', 'token']);
    expect(sent).toEqual(['one user']);
    const late = openVault(store.grants, 'one user', [], 'late');
    expect(await tokenIn(late)).toBe('refresh 1');
  });
});
