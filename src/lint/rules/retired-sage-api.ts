import type { ConfigurationLeaf, Instance } from '../../model/model.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'retired-sage-api',
  severity: 'warning',
  summary: 'an instance for the version of Sage’s API that ended on 31 July 2026',
  why: 'Version 3, with its subscription key (`apim.subscription.key`) and its hosts (`api.columbus.sage.com`, `oauth.na.sageone.com` and others), is unsupported and inaccessible since then, says Sage. Its successor v3.1 has new client ids and secrets, no subscription key, and every user has to log in again: rewriting addresses is not enough.',
  supersedes: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  apim.subscription.key: ${env:SAGE_SUBSCRIPTION_KEY}\n',
      says: ['"apim.subscription.key" belongs to Sage\'s API v3, which ended on 31 July 2026: expected v3.1'],
      good: 'element: {key: sageone}\nconfiguration:\n  oauth.api.key: ${env:SAGE_CLIENT_ID}\n',
    },
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  base.url: https://api.columbus.sage.com/us/sageone\n  oauth.token.url: https://oauth.na.sageone.com/token\n',
      says: ['"base.url" belongs to Sage\'s API v3, which ended on 31 July 2026: expected v3.1'],
      good: 'element: {key: sageone}\nconfiguration:\n  base.url: https://api.accounting.sage.com/v3.1\n  oauth.token.url: https://oauth.accounting.sage.com/token\n',
    },
  ],
  check({ elementKey, configuration }) {
    if (elementKey?.value.startsWith('sageone') !== true) return [];
    const legacy = legacyLeaves(configuration);
    // A key may be a secret, and says it most plainly: it goes first.
    legacy.sort(([left], [right]) => Number(right === subscriptionKey) - Number(left === subscriptionKey));
    const [first, ...others] = legacy;
    if (first === undefined) return [];
    const [key, leaf] = first;
    return [
      {
        leaf,
        message: `"${key}" belongs to Sage's API v3, which ended on 31 July 2026: expected v3.1`,
        help: 'Register an app for v3.1 at developer.sage.com and log every user in again: ids, secrets and grants of v3 do not carry over. v3.1 has no subscription key.',
        related: others.map(([other, { range }]) => ({ range, message: `"${other}" as well` })),
      },
    ];
  },
} satisfies Rule;

const subscriptionKey = 'apim.subscription.key';

/** Hosts of v1 to v3; `www.sageone.com` still is the login of v3.1. */
const legacyHost =
  /^https?:\/\/(?:api\.columbus\.sage\.com\/[\w-]+\/sageone|api\.sageone\.com|app\.sageone\.com|oauth\.(?:na|eu)\.sageone\.com|mysageone\.\w+\.sageone\.com)/i;

function legacyLeaves(configuration: Instance['configuration']): [string, ConfigurationLeaf][] {
  const legacy: [string, ConfigurationLeaf][] = [];
  configuration.forEach((leaf, key) => {
    if (isLegacy(key, leaf)) legacy.push([key, leaf]);
  });
  return legacy;
}

function isLegacy(key: string, { value }: ConfigurationLeaf): boolean {
  if (typeof value !== 'string') return false;
  if (key === subscriptionKey) return value.trim() !== '';
  return value.includes('://') && legacyHost.test(value.trim());
}
