import { sageRequestFor } from '../../catalog/sage-request.ts';
import { entryOf, type MappingEntry } from '../../document/node.ts';
import { isWrittenIn, removePairs } from '../../document/splice.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Instance } from '../../model/model.ts';
import { changedConfiguration } from './configuration-value.ts';
import type { Migration, MigrationPlace } from './migration.ts';

/** Keys that the legacy API had and v3.1 has not. */
const obsoleteKeys = new Set(['apim.subscription.key', 'signature.secret']);

/** Tokens of the old client: the new one has its own. */
const tokenKeys = new Set(['oauth.user.refresh_token', 'oauth.user.token', 'oauth.user.refresh_time']);

/** What the platform filled in for the legacy API, where it still names its hosts. */
const addressKeys =
  /^(?:base\.url|oauth\.(?:token\.(?:url|refresh_url|revoke_url)|authorization\.url|basic\.header))$/;
const legacyHost = /sageone\.com|columbus\.sage\.com/;

const knownCountries = ['CA', 'GB', 'IE'];

/** A body for the legacy Sage One v3 API becomes one for Sage Business Cloud Accounting v3.1. */
export const toCurrentApi: Migration = (place) => {
  const { text, configuration, instance } = place;
  if (instance.elementKey?.value !== 'sageone') return undefined;
  const obsolete = configuration.entries.filter((entry) => isObsolete(entry, instance));
  if (obsolete.length === 0) return undefined;
  const grant = entryOf(instance.node, 'providerData');
  for (const entry of obsolete) {
    if (!isWrittenIn(configuration, entry))
      throw new SagecfgError(
        'refused',
        `"${entry.key}" comes from an alias or merge key: write it out first`,
      );
  }
  const removed = obsolete.map(({ key }) => key);
  return {
    edits: [
      ...removePairs(text, configuration, obsolete),
      ...(grant === undefined ? [] : removePairs(text, instance.node, [grant])),
    ],
    configuration: changedConfiguration(configuration, { removed }),
    removedKeys: grant === undefined ? [] : [grant.key],
    changes: [
      `left out ${[...removed, ...(grant === undefined ? [] : ['providerData'])].map((key) => `"${key}"`).join(', ')}`,
    ],
    byHand: byHand(place),
  };
};

function isObsolete({ key }: MappingEntry, { configuration }: Instance): boolean {
  if (obsoleteKeys.has(key) || tokenKeys.has(key)) return true;
  if (!addressKeys.test(key)) return false;
  return key === 'oauth.basic.header' || legacyHost.test(String(configuration.get(key)?.value ?? ''));
}

function byHand({ instance }: MigrationPlace): string[] {
  const { configuration, poller } = instance;
  const country = String(configuration.get('country')?.value ?? '').toUpperCase();
  const entries = poller?.entries ?? [];
  return [
    'New client id and secret: register the app at developer.sage.com and put them into "oauth.api.key" and "oauth.api.secret"; those of v3 do not work.',
    'New consent: every user authorizes the app once more, with sagecfg auth; no token of v3 carries over.',
    ...(configuration.has('business')
      ? []
      : [
          'X-Business: set "business" to the id of the Sage business to read; without it Sage takes the lead business, which can change.',
        ]),
    ...(country === '' || knownCountries.includes(country)
      ? []
      : [
          `Country "${country}": v3.1 knows ${knownCountries.join(', ')}; ask Sage whether the business was moved.`,
        ]),
    ...entries.flatMap(({ resource, url }) =>
      sageRequestFor(url?.value ?? '').faults.map(({ message }) => `Entry "${resource.value}": ${message}.`),
    ),
    ...entries.flatMap(({ resource, url }) =>
      url?.value.includes('show_legacy_id')
        ? [
            `Entry "${resource.value}": "show_legacy_id" is not in the specification of v3.1; keep a table of old ids.`,
          ]
        : [],
    ),
  ];
}
