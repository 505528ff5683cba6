import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { checkAddress } from '../../runtime/check-address.ts';
import { sageDefaults } from '../../runtime/runtime.ts';
import type { RuntimeOptions } from '../../runtime/runtime.ts';
import type { PlatformSettings, RuntimeSettings, Settings } from '../../settings/settings.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { hasOwnSimulator, runtimeOptions, runtimeOptionsFrom } from './runtime-options.ts';

const { source, store, state, 'sage-base-url': baseUrl, 'sage-token-url': tokenUrl } = runtimeOptions;

/** Where the grant is kept and where it comes from: as `run` has them, and two addresses more. */
export const authOptions = {
  source: { ...source, description: 'Whose grant it is (default sage); a simulator needs --sage-base-url' },
  store,
  state,
  'sage-base-url': baseUrl,
  'sage-token-url': { ...tokenUrl, description: `Where tokens are given (default ${sageDefaults.tokenUrl})` },
  'sage-authorize-url': {
    type: 'string',
    placeholder: 'URL',
    description: `The page where a user gives access (default ${sageDefaults.authorizeUrl})`,
  },
  'sage-revoke-url': {
    type: 'string',
    placeholder: 'URL',
    description: `Where a grant is taken back (default ${sageDefaults.revokeUrl})`,
  },
} as const satisfies OptionDefinitions;

export interface AuthAddresses {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly authorizeUrl: string;
  readonly revokeUrl: string;
}

export interface AuthSettings extends Pick<RuntimeOptions, 'store' | 'source'> {
  readonly addresses: AuthAddresses;
  readonly platform: PlatformSettings;
  readonly runtime: RuntimeSettings;
  /** For instances that do not name one. */
  readonly business: string | undefined;
}

/** What `auth` needs of flags and settings; flags win. A simulator has all its doors at one address. */
export function authSettingsFrom(
  flags: Partial<OptionValues<typeof authOptions>>,
  { platform, runtime: settings }: Pick<Settings, 'platform' | 'runtime'>,
  workingDirectory: string,
): AuthSettings {
  if (hasOwnSimulator(flags, settings)) {
    throw new SagecfgError(
      'usage',
      "source is simulator, but nothing says where it is: --sage-base-url takes what 'sagecfg simulate' prints as Sage",
    );
  }
  const runtime = runtimeOptionsFrom(flags, settings, workingDirectory);
  const { baseUrl, tokenUrl } = runtime.sage;
  const defaults = runtime.source === 'simulator' ? simulatorDoors(baseUrl) : sageDefaults;
  const authorizeUrl = flags['sage-authorize-url'] ?? settings.sage?.authorizeUrl ?? defaults.authorizeUrl;
  const revokeUrl = flags['sage-revoke-url'] ?? settings.sage?.revokeUrl ?? defaults.revokeUrl;
  return {
    platform,
    runtime: settings,
    store: runtime.store,
    source: runtime.source,
    business: runtime.sage.business,
    addresses: {
      baseUrl: checkAddress(baseUrl, 'runtime.sage.baseUrl'),
      tokenUrl: checkAddress(tokenUrl, 'runtime.sage.tokenUrl'),
      authorizeUrl: checkAddress(authorizeUrl, 'runtime.sage.authorizeUrl'),
      revokeUrl: checkAddress(revokeUrl, 'runtime.sage.revokeUrl'),
    },
  };
}

function simulatorDoors(baseUrl: string): Pick<AuthAddresses, 'authorizeUrl' | 'revokeUrl'> {
  const doorAt = (path: string): string => URL.parse(path, baseUrl)?.href ?? baseUrl;
  return { authorizeUrl: doorAt('/oauth2/auth/central?filter=apiv3.1'), revokeUrl: doorAt('/revoke') };
}
