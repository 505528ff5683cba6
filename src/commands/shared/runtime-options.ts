import { resolve } from 'node:path';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { defaultBudget, defaultOverlapMs, sageDefaults } from '../../runtime/runtime.ts';
import type { RuntimeOptions } from '../../runtime/runtime.ts';
import { parseSource } from '../../runtime/source-kind.ts';
import { parseStoreAddress } from '../../runtime/store-address.ts';
import type { PlatformSettings, RuntimeSettings } from '../../settings/settings.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { deliveryFrom, deliveryOptions } from './delivery-options.ts';

/** The settings of `runtime`, each as a flag. */
export const runtimeOptions = {
  source: {
    type: 'string',
    placeholder: 'sage|sage-legacy|hub|recorded:FOLDER|simulator',
    description: 'Where records are read (default sage); a simulator without an address is started',
  },
  record: {
    type: 'string',
    placeholder: 'FOLDER',
    description: 'Keep what is read there, for --source recorded:FOLDER',
  },
  store: {
    type: 'string',
    placeholder: 'sqlite:FILE|postgres://…',
    description: 'Where the state is kept (default sqlite:.sagecfg/state.db)',
  },
  state: { type: 'string', placeholder: 'FILE', description: 'The same as --store sqlite:FILE' },
  baseline: {
    type: 'string',
    placeholder: 'now|since=TIME|snapshot',
    description:
      'What the first poll delivers: nothing older than itself (default), all since a time, or nothing, to learn what exists',
  },
  'interval-seconds': {
    type: 'number',
    placeholder: 'N',
    description: 'Time between two polls of a resource (default: what the instance says)',
  },
  quota: {
    type: 'string',
    choices: ['warn', 'refuse', 'stretch'],
    description:
      'When polls ask for more requests than there are: say so (default), do not start, or poll less often',
  },
  'overlap-seconds': {
    type: 'number',
    placeholder: 'N',
    description: `How much each poll reads again, for what became visible late (default ${defaultOverlapMs / 1000})`,
  },
  'sage-base-url': {
    type: 'string',
    placeholder: 'URL',
    description: `Sage's address, with the version (default ${sageDefaults.baseUrl})`,
  },
  'sage-token-url': {
    type: 'string',
    placeholder: 'URL',
    description: `Where tokens are refreshed (default ${sageDefaults.tokenUrl})`,
  },
  'sage-business': {
    type: 'string',
    placeholder: 'ID',
    description: 'Business to read, for instances that do not name one',
  },
  'hub-base-url': {
    type: 'string',
    placeholder: 'URL',
    description: "Address of the platform's API, with the version, for source hub",
  },
  'budget-app-per-second': {
    type: 'number',
    placeholder: 'N',
    description: `Requests a second of one app (default ${defaultBudget.appPerSecond})`,
  },
  'budget-app-in-flight': {
    type: 'number',
    placeholder: 'N',
    description: `Requests of one app at once (default ${defaultBudget.appInFlight})`,
  },
  'budget-business-per-minute': {
    type: 'number',
    placeholder: 'N',
    description: `Requests a minute of one business (default ${defaultBudget.businessPerMinute}; a simulator has no limit)`,
  },
  'callback-allow': {
    type: 'list',
    placeholder: 'CIDR',
    description: 'Range of private addresses that notifications may go to; may be repeated',
  },
  'callback-allow-http': { type: 'boolean', description: 'Let notifications go out unencrypted' },
  ...deliveryOptions,
  'health-port': {
    type: 'number',
    placeholder: 'PORT',
    description: 'Serve /livez, /readyz and /metrics there; 0 for a free port',
  },
  'health-host': {
    type: 'string',
    placeholder: 'ADDRESS',
    description: 'Address that --health-port listens on (default 127.0.0.1)',
  },
} as const satisfies OptionDefinitions;

export type RuntimeFlags = Partial<OptionValues<typeof runtimeOptions>>;

/** What the runtime needs of flags and settings; flags win. */
export function runtimeOptionsFrom(
  flags: RuntimeFlags,
  settings: RuntimeSettings,
  workingDirectory: string,
  platform: PlatformSettings = {},
): Omit<RuntimeOptions, 'instances' | 'references' | 'report'> {
  const { kind: source, folder } = parseSource(flags.source ?? settings.source ?? 'sage');
  const intervalSeconds = flags['interval-seconds'] ?? settings.intervalSeconds;
  const overlapSeconds = flags['overlap-seconds'] ?? settings.overlapSeconds;
  const { tls, ...delivery } = deliveryFrom(flags, settings, workingDirectory);
  return {
    source,
    ...(folder !== undefined && { recordings: resolve(workingDirectory, folder) }),
    ...(flags.record !== undefined && { record: resolve(workingDirectory, flags.record) }),
    ...hubFrom(flags, settings, platform),
    store: parseStoreAddress(storeFrom(flags, settings), workingDirectory),
    baseline: parseBaseline(flags.baseline ?? settings.baseline ?? 'now'),
    intervalMs:
      intervalSeconds === undefined ? undefined : positive(intervalSeconds, '--interval-seconds') * 1000,
    ...quotaFrom(flags, settings),
    overlapMs: overlapSeconds === undefined ? defaultOverlapMs : overlapSeconds * 1000,
    sage: addressesFrom(flags, settings, source),
    budget: budgetFrom(flags, settings, source),
    callback: { ...callbackFrom(flags, settings, source), tls },
    ...delivery,
    health: healthFrom(flags, settings),
  };
}

/** Whether there is a simulator to connect to; otherwise `run` starts one. */
export function hasOwnSimulator(flags: RuntimeFlags, settings: RuntimeSettings): boolean {
  const source = flags.source ?? settings.source;
  return source === 'simulator' && (flags['sage-base-url'] ?? settings.sage?.baseUrl) === undefined;
}

function quotaFrom(flags: RuntimeFlags, settings: RuntimeSettings): Pick<RuntimeOptions, 'quota'> {
  const quota = flags.quota ?? settings.quota;
  return quota === 'refuse' || quota === 'stretch' || quota === 'warn' ? { quota } : {};
}

export function storeFrom(flags: Pick<RuntimeFlags, 'state' | 'store'>, settings: RuntimeSettings): string {
  if (flags.state !== undefined) return `sqlite:${flags.state}`;
  return flags.store ?? settings.store ?? 'sqlite:.sagecfg/state.db';
}

function parseBaseline(text: string): RuntimeOptions['baseline'] {
  if (text === 'now' || text === 'snapshot') return { kind: text };
  const time = /^since=(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)$/.exec(
    text,
  )?.[1];
  const fromMs = Date.parse(time ?? '');
  if (!Number.isNaN(fromMs)) return { kind: 'since', fromMs: Math.floor(fromMs / 1000) * 1000 };
  throw new SagecfgError(
    'usage',
    `--baseline ${JSON.stringify(text)}: expected now, snapshot, or since= with a date or a time and its zone, such as since=2026-11-01T00:00:00Z`,
  );
}

function addressesFrom(
  flags: RuntimeFlags,
  { sage = {} }: RuntimeSettings,
  source: RuntimeOptions['source'],
): RuntimeOptions['sage'] {
  const baseUrl = flags['sage-base-url'] ?? sage.baseUrl ?? sageDefaults.baseUrl;
  const tokenUrl = flags['sage-token-url'] ?? sage.tokenUrl;
  const legacy = legacyAddressesFrom(flags, sage);
  const simulatedTokenUrl = URL.parse('/token', baseUrl)?.href ?? baseUrl;
  return {
    baseUrl,
    tokenUrl: tokenUrl ?? (source === 'simulator' ? simulatedTokenUrl : sageDefaults.tokenUrl),
    legacy,
    business: flags['sage-business'] ?? sage.business,
  };
}

/** Only what was told: otherwise the legacy API is where the instance's country had it. */
function legacyAddressesFrom(
  flags: RuntimeFlags,
  sage: NonNullable<RuntimeSettings['sage']>,
): NonNullable<RuntimeOptions['sage']['legacy']> {
  const baseUrl = flags['sage-base-url'] ?? sage.baseUrl;
  const tokenUrl = flags['sage-token-url'] ?? sage.tokenUrl;
  return { ...(baseUrl !== undefined && { baseUrl }), ...(tokenUrl !== undefined && { tokenUrl }) };
}

/** The platform whose instances `apply` works on is the one that is read, unless told. */
function hubFrom(
  flags: RuntimeFlags,
  { hub = {} }: RuntimeSettings,
  platform: PlatformSettings,
): Pick<RuntimeOptions, 'hub'> {
  const baseUrl = flags['hub-base-url'] ?? hub.baseUrl ?? platform.baseUrl;
  if (baseUrl === undefined) return {};
  // As apply names the platform in the state, where the element tokens are.
  return { hub: { ...platformSecrets, ...platform, baseUrl: baseUrl.replace(/\/+$/, '') } };
}

const platformSecrets = {
  userSecret: '${env:SAGECFG_USER_SECRET}',
  organizationSecret: '${env:SAGECFG_ORGANIZATION_SECRET}',
} as const;

function budgetFrom(
  flags: RuntimeFlags,
  { budget = {} }: RuntimeSettings,
  source: RuntimeOptions['source'],
): RuntimeOptions['budget'] {
  const perMinute = flags['budget-business-per-minute'] ?? budget.businessPerMinute;
  return {
    appPerSecond: positive(
      flags['budget-app-per-second'] ?? budget.appPerSecond ?? defaultBudget.appPerSecond,
      '--budget-app-per-second',
    ),
    appInFlight: positive(
      flags['budget-app-in-flight'] ?? budget.appInFlight ?? defaultBudget.appInFlight,
      '--budget-app-in-flight',
    ),
    businessPerMinute:
      perMinute === undefined
        ? source === 'simulator'
          ? undefined
          : defaultBudget.businessPerMinute
        : positive(perMinute, '--budget-business-per-minute'),
  };
}

/** A simulator's receiver is on this machine, and speaks HTTP. */
function callbackFrom(
  flags: RuntimeFlags,
  { callback = {} }: RuntimeSettings,
  source: RuntimeOptions['source'],
): RuntimeOptions['callback'] {
  const isLocal = source === 'simulator';
  return {
    allow: flags['callback-allow'] ?? callback.allow ?? (isLocal ? ['127.0.0.0/8', '::1/128'] : []),
    allowHttp: flags['callback-allow-http'] ?? callback.allowHttp ?? isLocal,
  };
}

function healthFrom(
  flags: RuntimeFlags,
  { health = {} }: RuntimeSettings,
): NonNullable<RuntimeOptions['health']> | undefined {
  const port = flags['health-port'] ?? health.port;
  if (port === undefined) return undefined;
  if (!Number.isInteger(port) || port > 65_535)
    throw new SagecfgError('usage', `--health-port is ${port}: expected a port number`);
  return { port, host: flags['health-host'] ?? health.host ?? '127.0.0.1' };
}

function positive(value: number, name: string): number {
  if (value > 0) return value;
  throw new SagecfgError('usage', `${name} is ${value}: expected more than 0`);
}
