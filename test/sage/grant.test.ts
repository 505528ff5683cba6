import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { openGrant } from '../../src/sage/grant.ts';
import type { Grant } from '../../src/sage/grant.ts';
import type { RefreshResult } from '../../src/sage/refresh-tokens.ts';
import type { TokenPair } from '../../src/sage/request-tokens.ts';

const pair = (name: string, accessExpiresMs = 300_000): TokenPair => ({
  accessToken: new Secret(`access ${name}`),
  refreshToken: new Secret(`refresh ${name}`),
  accessExpiresMs,
  refreshExpiresMs: undefined,
});

interface Scene {
  readonly grant: Grant;
  /** What happened, in order. */
  readonly log: string[];
  readonly vault: { stored: TokenPair | undefined };
}

function openScene(
  stored: TokenPair | undefined,
  refresh: (token: string, scene: Pick<Scene, 'vault'>) => RefreshResult,
  nowMs = 0,
): Scene {
  const log: string[] = [];
  const vault = { stored };
  const grant = openGrant({
    vault: {
      read: async () => vault.stored,
      write: async (tokens) => {
        vault.stored = tokens;
        log.push(`stored ${tokens.refreshToken.reveal()}`);
      },
      markDead: async () => {
        log.push('dead');
      },
      exclusively: (work) => work(),
    },
    refresh: async (token) => {
      log.push(`sent ${token.reveal()}`);
      return refresh(token.reveal(), { vault });
    },
    now: () => nowMs,
    onRefreshed: () => log.push('reported'),
  });
  return { grant, log, vault };
}

const refreshed = (name: string): RefreshResult => ({ kind: 'refreshed', tokens: pair(name) });
const textOf = async (result: ReturnType<Grant['accessToken']>): Promise<string> => {
  const answer = await result;
  return answer.kind === 'token' ? answer.accessToken.reveal() : answer.failure.kind;
};

describe('openGrant', () => {
  it('uses the stored access token while it is good', async () => {
    const { grant, log } = openScene(pair('1'), () => refreshed('2'));
    expect(await textOf(grant.accessToken())).toBe('access 1');
    expect(log).toEqual([]);
  });

  it('refreshes before the token expires, and stores the new pair before it is used', async () => {
    const { grant, log } = openScene(pair('1', 10_000), () => refreshed('2'));
    expect(await textOf(grant.accessToken())).toBe('access 2');
    expect(log).toEqual(['sent refresh 1', 'stored refresh 2', 'reported']);
  });

  it('has one refresh in flight however many ask', async () => {
    const { grant, log } = openScene(pair('1', 0), () => refreshed('2'));
    const answers = await Promise.all(Array.from({ length: 50 }, () => textOf(grant.accessToken())));
    expect(new Set(answers)).toEqual(new Set(['access 2']));
    expect(log.filter((line) => line.startsWith('sent'))).toHaveLength(1);
  });

  it('refreshes once for all whose token was rejected', async () => {
    const { grant, log } = openScene(pair('1'), () => refreshed('2'));
    await grant.accessToken();
    const rejected = new Secret('access 1');
    await Promise.all([grant.renew(rejected), grant.renew(rejected)]);
    expect(await textOf(grant.renew(rejected))).toBe('access 2');
    expect(log.filter((line) => line.startsWith('sent'))).toEqual(['sent refresh 1']);
  });

  it('reads again when the token is refused, and uses what somebody else has stored', async () => {
    const { grant, log } = openScene(pair('1', 0), (token, { vault }) => {
      if (token !== 'refresh 1') return refreshed('3');
      vault.stored = pair('2', 0);
      return { kind: 'invalid-grant' };
    });
    expect(await textOf(grant.accessToken())).toBe('access 3');
    expect(log).toEqual(['sent refresh 1', 'sent refresh 2', 'stored refresh 3', 'reported']);
  });

  it('marks the instance for re-authorisation when the token is refused for good', async () => {
    const { grant, log, vault } = openScene(pair('1', 0), () => ({ kind: 'invalid-grant' }));
    expect(await textOf(grant.accessToken())).toBe('reauthorise');
    expect(log).toEqual(['sent refresh 1', 'dead']);
    expect(vault.stored?.refreshToken.reveal()).toBe('refresh 1');
  });

  it('keeps the grant when the server only failed', async () => {
    const failure = { kind: 'server', message: 'down' } as const;
    const { grant, log } = openScene(pair('1', 0), () => ({ kind: 'failed', failure }));
    expect(await textOf(grant.accessToken())).toBe('server');
    expect(log).toEqual(['sent refresh 1']);
  });

  it('says so when there is nothing to begin with', async () => {
    const { grant } = openScene(undefined, () => refreshed('2'));
    expect(await textOf(grant.accessToken())).toBe('reauthorise');
  });
});
