import type { ConfigurationValue, PlatformInstance } from './platform-instance.ts';

const mask = '********';

/** What reads mask; the answer to a creation does not. */
const maskedKeys = new Set([
  'oauth.api.key',
  'oauth.api.secret',
  'oauth.user.token',
  'oauth.user.refresh_token',
  'event.notification.basic.password',
  'password',
]);

/** What the platform adds to every instance. */
const baseDefaults: Readonly<Record<string, string | null>> = {
  'event.notification.enabled': 'false',
  'event.vendor.type': 'polling',
  'event.poller.refresh_interval': '15',
  'event.notification.callback.url': null,
  'event.notification.signature.key': null,
  'filter.response.nulls': 'true',
};

/** What it adds to one of Sage, as its documentation shows. */
const sageDefaults: Readonly<Record<string, string | null>> = {
  'base.url': 'https://api.columbus.sage.com/us/sageone',
  'oauth.token.url': 'https://oauth.na.sageone.com/token',
  'oauth.token.refresh_url': 'https://oauth.na.sageone.com/token',
  'oauth.token.revoke_url': 'https://oauth.na.sageone.com/revoke',
  'oauth.scope': 'full_access',
  'oauth.user.refresh_interval': '3600',
  'bulk.query.date_mask': "yyyy-MM-dd'T'HH:mm:ss'Z'",
  'pagination.type': 'page',
  'pagination.max': '200',
  'pagination.page.startindex': '1',
};

/** The body that answers for an instance; `isNew` is the only time that its secrets are shown. */
export function renderInstance(
  instance: PlatformInstance,
  { isNew = false, isHydrated = true }: { readonly isNew?: boolean; readonly isHydrated?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const { id, name, token, elementKey, tags, isEnabled, externalAuthentication } = instance;
  return {
    id,
    name,
    createdDate: '2026-11-23T10:00:00Z',
    token,
    element: { id: 3458, name: elementKey, key: elementKey, active: true, deleted: false, hub: 'finance' },
    elementId: 3458,
    tags,
    provisionInteractions: [],
    valid: true,
    disabled: !isEnabled,
    maxCacheSize: 0,
    cacheTimeToLive: 0,
    ...(isHydrated && { configuration: renderConfiguration(instance, isNew) }),
    eventsEnabled: String(instance.configuration.get('event.notification.enabled')) === 'true',
    traceLoggingEnabled: false,
    cachingEnabled: false,
    externalAuthentication,
    user: { id: 2749 },
  };
}

function renderConfiguration(
  { elementKey, configuration, isVerbatim }: PlatformInstance,
  isNew: boolean,
): Readonly<Record<string, unknown>> {
  const defaults = elementKey === 'sageone' ? { ...baseDefaults, ...sageDefaults } : baseDefaults;
  const all = new Map<string, ConfigurationValue>([...Object.entries(defaults), ...configuration]);
  return Object.fromEntries(
    [...all].map(([key, value]) => {
      const isMasked = !isNew && maskedKeys.has(key) && value !== null;
      return [key, isMasked ? mask : isVerbatim ? value : toText(value)];
    }),
  );
}

/** `GET /instances/{id}/configuration`. */
export function renderItems(instance: PlatformInstance): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(renderConfiguration(instance, false)).map(([key, propertyValue]) => ({
    id: itemId(instance, key),
    key,
    propertyValue: toText(propertyValue),
  }));
}

/** The key that an item of an instance's configuration stands for. */
export function keyOfItem(instance: PlatformInstance, id: number): string | undefined {
  return Object.keys(renderConfiguration(instance, false)).find((key) => itemId(instance, key) === id);
}

function itemId({ id }: PlatformInstance, key: string): number {
  let sum = 7;
  for (const character of key) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return id * 1_000_003 + sum;
}

function toText(value: ConfigurationValue): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
