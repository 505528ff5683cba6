import { Secret } from '../../../model/secret.ts';
import type { GrantVault } from '../../../sage/grant.ts';
import type { TokenPair } from '../../../sage/request-tokens.ts';
import type { Crash } from '../../crash-points.ts';
import { grantLockName } from '../../grant-lock-name.ts';
import type { InstanceCredentials, InstancePlan } from '../../poll-plan.ts';
import type { GrantStore, StoredGrant } from '../../ports/grant-store.ts';
import type { Report } from '../../report.ts';
import type { TokenCipher } from '../../token-cipher.ts';

/**
 * An instance's tokens in the state, begun with the refresh token of its file. That one is good once; but when the file
 * comes to hold another, somebody has authorised again, and it takes the place of what is stored.
 */
export function openGrantVault(
  { id, credentials }: Pick<InstancePlan, 'id'> & { readonly credentials: InstanceCredentials },
  { grants, cipher, crash, report }: VaultPorts,
): GrantVault {
  const fileToken = credentials.refreshToken;
  const fileMark = fileToken === undefined ? '' : cipher.mark(fileToken);
  let markInUse = fileMark;
  let isSeeding = false;
  let isFileRefused = false;
  /** The instance's own refresh token in the state, as it was last read. */
  let seen: string | undefined;
  // An instance that is new may begin with a token that another has used already: then it shares what came of that.
  const readStored = async (): Promise<StoredGrant | undefined> => {
    const own = await grants.read(id);
    seen = own?.tokens.refreshToken.reveal();
    return own ?? (fileToken === undefined ? undefined : grants.readBySeed(fileMark));
  };
  /** Whether somebody has authorised again while Sage was answering: that grant counts, whatever the answer was. */
  const isOvertaken = async (): Promise<boolean> => {
    const before = seen;
    await readStored();
    return seen !== before;
  };
  return {
    read: async () => {
      const stored = await readStored();
      const isSeedNew = stored?.seedMark !== fileMark || stored.deadReason !== undefined;
      if (fileToken !== undefined && !isFileRefused && isSeedNew) {
        markInUse = fileMark;
        isSeeding = true;
        return seedTokens(fileToken);
      }
      isSeeding = false;
      markInUse = stored?.seedMark ?? fileMark;
      return stored?.deadReason === undefined ? stored?.tokens : undefined;
    },
    write: async (tokens) => {
      if (await isOvertaken()) return;
      crash('grant-before-commit');
      await grants.write(id, { tokens, seedMark: markInUse });
      crash('grant-after-commit');
    },
    markDead: async (reason) => {
      if (await isOvertaken()) return;
      const stored = await readStored();
      if (isSeeding) isFileRefused = true;
      // An old file came back: its token is used up, and the stored grant is still there.
      if (isSeeding && stored !== undefined && stored.deadReason === undefined) return;
      // What the file began with is kept like any other grant, so that its end can be told.
      if (stored === undefined && fileToken !== undefined)
        await grants.write(id, { tokens: seedTokens(fileToken), seedMark: fileMark });
      await grants.markDead(id, reason);
      report({ kind: 'reauthorisation-needed', instance: id, reason });
    },
    exclusively: async (work) => {
      const { seedMark = fileMark } = (await readStored()) ?? {};
      return grants.exclusively(grantLockName(id, seedMark), work);
    },
  };
}

interface VaultPorts {
  readonly grants: GrantStore;
  readonly cipher: TokenCipher;
  readonly crash: Crash;
  readonly report: Report;
}

/** As if its access token had expired: the first use refreshes. */
function seedTokens(refreshToken: Secret): TokenPair {
  return { accessToken: new Secret(''), refreshToken, accessExpiresMs: 0, refreshExpiresMs: undefined };
}
