import { randomBytes } from 'node:crypto';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import { legacyAddressesOf, legacyCountries } from '../../../sage/legacy-addresses.ts';
import type { RequestHeaders } from '../../../sage/sage-client.ts';
import { signRequest } from '../../../sage/sign-request.ts';
import type { InstancePlan, LegacyCredentials } from '../../poll-plan.ts';
import type { Source } from '../../ports/source.ts';
import { openSageSource } from './sage.ts';
import type { SageSourceOptions } from './sage.ts';

export interface LegacySourceOptions extends Omit<SageSourceOptions, 'baseUrl' | 'tokenUrl'> {
  /** In place of the addresses of the instance's country. */
  readonly baseUrl: string | undefined;
  readonly tokenUrl: string | undefined;
}

/** One instance's access to Sage's v3 API, which differs from v3.1 in where it is and in what a request carries. */
export function openLegacySource(instance: InstancePlan, options: LegacySourceOptions): Source {
  const { legacy } = instance;
  if (legacy === undefined) throw new Error(`instance '${instance.id}' was not planned for the legacy API`);
  return openSageSource(
    // Whose data it is, X-Site says.
    { ...instance, business: undefined },
    { ...options, ...addressesOf(instance, legacy, options), headersOf: legacyHeaders(legacy) },
  );
}

function addressesOf(
  { id }: InstancePlan,
  { country }: LegacyCredentials,
  { baseUrl, tokenUrl }: LegacySourceOptions,
): Pick<SageSourceOptions, 'baseUrl' | 'tokenUrl'> {
  if (baseUrl !== undefined && tokenUrl !== undefined) return { baseUrl, tokenUrl };
  const known = legacyAddressesOf(country ?? '');
  if (known === undefined) {
    throw new SagecfgError(
      'refused',
      `instance '${id}': source sage-legacy goes by 'country', which is ${country === undefined ? 'missing' : `'${country}'`}: expected ${legacyCountries.join(', ')}, or --sage-base-url and --sage-token-url`,
    );
  }
  return { baseUrl: baseUrl ?? known.baseUrl, tokenUrl: tokenUrl ?? known.tokenUrl };
}

/** The signature is optional since November 2017, so it is sent where the file has the secret for it. */
function legacyHeaders({ subscriptionKey, signingSecret, site }: LegacyCredentials): RequestHeaders {
  return ({ method, url, accessToken, ownerId }) => {
    const resourceOwnerId = site ?? ownerId;
    if (resourceOwnerId === undefined) return undefined;
    const nonce = randomBytes(16).toString('hex');
    const signature =
      signingSecret === undefined
        ? {}
        : {
            'x-nonce': nonce,
            'x-signature': signRequest(
              { version: 'v3', method, url, nonce, body: '', resourceOwnerId },
              { signingSecret, accessToken },
            ),
          };
    return {
      'ocp-apim-subscription-key': subscriptionKey.reveal(),
      'x-site': resourceOwnerId,
      ...signature,
    };
  };
}
