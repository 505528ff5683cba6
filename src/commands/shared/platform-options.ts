import { hasReference } from '../../platform/desired-instance.ts';
import type { Io } from '../../io.ts';
import { resolveReferences, Secret } from '../../model/secret.ts';
import type { PlatformAccount } from '../../platform/call-platform.ts';
import type { PlatformClient } from '../../platform/platform-client.ts';
import type { HttpClient } from '../../sage/http.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { PlatformSettings } from '../../settings/settings.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';

const defaultReferences = {
  userSecret: '${env:SAGECFG_USER_SECRET}',
  organizationSecret: '${env:SAGECFG_ORGANIZATION_SECRET}',
} as const;

/** The settings of `platform`, each as a flag. */
export const accountOptions = {
  'platform-base-url': {
    type: 'string',
    placeholder: 'URL',
    description: "Address of the platform's API, which ends with /elements/api-v2",
  },
  'platform-user-secret': {
    type: 'string',
    placeholder: 'REFERENCE',
    description: `Where the User Secret is (default ${defaultReferences.userSecret})`,
  },
  'platform-organization-secret': {
    type: 'string',
    placeholder: 'REFERENCE',
    description: `Where the Organization Secret is (default ${defaultReferences.organizationSecret})`,
  },
} as const satisfies OptionDefinitions;

/** The same, and how much is asked at once. */
export const platformOptions = {
  ...accountOptions,
  concurrency: {
    type: 'number',
    placeholder: 'N',
    description: 'Requests under way at once (default 4)',
  },
} as const satisfies OptionDefinitions;

type PlatformFlags = OptionValues<typeof platformOptions>;
type AccountFlags = OptionValues<typeof accountOptions>;

/** Whose instances are meant; flags win. Throws `SagecfgError` for what is missing. */
export function platformAccountFrom(
  flags: AccountFlags,
  settings: PlatformSettings,
  { environment, workingDirectory }: Io,
): PlatformAccount {
  const baseUrl = flags['platform-base-url'] ?? settings.baseUrl;
  if (baseUrl === undefined) {
    throw new SagecfgError(
      'settings',
      'nothing says which platform: set platform.baseUrl in sagecfg.yaml, or --platform-base-url, to an address such as https://api.cloud-elements.com/elements/api-v2',
    );
  }
  const secretOf = (flag: keyof AccountFlags, name: 'userSecret' | 'organizationSecret'): Secret => {
    const given = flags[flag];
    if (given !== undefined && !hasReference(given)) {
      throw new SagecfgError(
        'usage',
        `--${flag} takes a reference such as '${defaultReferences[name]}': a secret in a command line is seen by everybody on the machine`,
      );
    }
    const reference = given ?? settings[name] ?? defaultReferences[name];
    return new Secret(checkHeader(resolveReferences(reference, { environment, workingDirectory }), name));
  };
  return {
    baseUrl: checkBaseUrl(baseUrl),
    userSecret: secretOf('platform-user-secret', 'userSecret'),
    organizationSecret: secretOf('platform-organization-secret', 'organizationSecret'),
  };
}

export function concurrencyFrom({ concurrency = 4 }: PlatformFlags): number {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 64) return concurrency;
  throw new SagecfgError('usage', `--concurrency is ${concurrency}: expected a whole number from 1 to 64`);
}

export interface OpenedPlatform extends AsyncDisposable {
  readonly client: PlatformClient;
  readonly http: HttpClient;
}

export async function openPlatform(account: PlatformAccount, concurrency: number): Promise<OpenedPlatform> {
  const { openHttpClient } = await import('../../sage/http.ts');
  const { systemClock } = await import('../../sage/clock.ts');
  const { createPlatformClient } = await import('../../platform/platform-client.ts');
  const http = openHttpClient({ connectionsPerOrigin: concurrency });
  const client = createPlatformClient({ account, send: http.send, clock: systemClock });
  return { client, http, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}

/** Secrets travel in every request: unencrypted only within this machine, as to a simulator. */
function checkBaseUrl(address: string): string {
  const url = URL.parse(address);
  const isLocal = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (isSafe && url.username === '' && url.password === '' && url.search === '')
    return address.replace(/\/+$/, '');
  throw new SagecfgError(
    'settings',
    'platform.baseUrl: expected a URL that begins with https://, without user, password or query',
  );
}

/** A line break from a file would end the header; a comma would make another part of it. */
function checkHeader(secret: string, name: string): string {
  const trimmed = secret.trim();
  if (/^[\u0021-\u002B\u002D-\u007E]+$/.test(trimmed)) return trimmed;
  throw new SagecfgError(
    'settings',
    `platform.${name} holds a blank, a comma or a character that no secret has`,
  );
}
