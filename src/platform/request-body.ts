import type { Value } from '../document/to-value.ts';
import type { ReferenceSources } from '../model/secret.ts';
import type { RequestBody } from './call-platform.ts';
import type { KeyChange } from './compare-instance.ts';
import { isKeptByPlatform, pollerKey } from './configuration-keys.ts';
import { resolveValue, secretsOf, type DesiredInstance } from './desired-instance.ts';
import { isMasked } from './live-instance.ts';
import { lacksLogin } from './log-in.ts';

export type BuiltBody =
  | { readonly kind: 'body'; readonly body: RequestBody }
  /** Something in it is not there; `why` never holds a secret. */
  | { readonly kind: 'refused'; readonly why: string };

/** The whole body, for a creation or a login anew, references resolved. */
export function buildWholeBody(desired: DesiredInstance, references: ReferenceSources): BuiltBody {
  const { elementKey, name, tags, providerData, others, configuration } = desired;
  const masked = [...configuration].find(([, value]) => isMasked(value))?.[0];
  if (masked !== undefined)
    return { kind: 'refused', why: `"${masked}" is masked in the file: put a reference to the value there` };
  if (lacksLogin(desired)) return { kind: 'refused', why: loginMissing };
  const isHandedOver = others['externalAuthentication'] === 'initial';
  const wanted = [...configuration].filter(([key]) => !isKeptByPlatform(key) || isHandedOver);
  const body = {
    element: { key: elementKey },
    name,
    ...(tags !== undefined && { tags }),
    ...others,
    ...(providerData !== undefined && { providerData }),
    configuration: Object.fromEntries(wanted),
  };
  return resolved(body, desired, references);
}

const loginMissing =
  'the platform needs access to the business: add --login, which asks its user in the browser; or write externalAuthentication: initial with oauth.user.refresh_token, or providerData with a code, into the file';

/** What a PATCH has to hold for these changes. The platform keeps strings, so that is what the poller configuration becomes. */
export function buildPatch(
  desired: DesiredInstance,
  changes: readonly KeyChange[],
  references: ReferenceSources,
): BuiltBody {
  const keys = [...new Set(changes.map(({ key }) => key))];
  const configuration = keys.filter((key) => desired.configuration.has(key));
  const built = resolved(
    {
      ...(keys.includes('name') && { name: desired.name }),
      ...(keys.includes('tags') && { tags: desired.tags ?? [] }),
      configuration: Object.fromEntries(
        configuration.map((key) => [key, desired.configuration.get(key) ?? null]),
      ),
    },
    desired,
    references,
  );
  if (built.kind === 'refused') return built;
  return { kind: 'body', body: { ...built.body, value: withPollerText(built.body.value) } };
}

/** Only values that are meant to hold references: a name that looks like one is a name. */
function resolved(
  { configuration, providerData, ...labels }: UnresolvedBody,
  desired: DesiredInstance,
  references: ReferenceSources,
): BuiltBody {
  const values = { configuration, ...(providerData !== undefined && { providerData }) };
  const result = resolveValue(values, references);
  if (result.kind === 'unknown') return { kind: 'refused', why: result.why };
  const known = isObject(result.value) ? result.value : {};
  const secrets = secretsOf(desired, references);
  return { kind: 'body', body: { value: { ...labels, ...known }, secrets } };
}

interface UnresolvedBody {
  readonly [label: string]: Value;
  readonly configuration: Value;
}

function withPollerText(body: Value): Value {
  if (!isObject(body) || !isObject(body['configuration'])) return body;
  const poller = body['configuration'][pollerKey];
  if (poller === undefined || typeof poller === 'string') return body;
  return { ...body, configuration: { ...body['configuration'], [pollerKey]: JSON.stringify(poller) } };
}

function isObject(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
