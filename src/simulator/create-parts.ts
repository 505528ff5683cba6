import { SagecfgError } from '../problem/sagecfg-error.ts';
import { createAccountingEndpoint } from './accounting/accounting-endpoint.ts';
import type { Businesses } from './accounting/businesses.ts';
import { createBusinesses } from './accounting/businesses.ts';
import type { ReadJournal } from './accounting/read-journal.ts';
import { createReadJournal } from './accounting/read-journal.ts';
import type { Choices } from './assumptions.ts';
import { defaultChoices } from './assumptions.ts';
import type { Delivery } from './callback/delivery.ts';
import type { Clock } from './clock.ts';
import { skewClock, systemClock } from './clock.ts';
import type { FaultScript } from './faults/fault-script.ts';
import { createFaultScript } from './faults/fault-script.ts';
import type { Endpoint } from './http/endpoint.ts';
import { createHubEndpoint } from './hub/hub-endpoint.ts';
import { createInstances } from './instances/instances.ts';
import type { Instances } from './instances/instances.ts';
import { createInstancesEndpoint } from './instances/instances-endpoint.ts';
import { createLegacyEndpoint } from './legacy/legacy-endpoint.ts';
import { createAuthorizeEndpoint } from './oauth/authorize-endpoint.ts';
import type { ClientAuthentication } from './oauth/client-authentication.ts';
import { legacyStyle } from './oauth/grant-style.ts';
import { Grants } from './oauth/grants.ts';
import {
  createLegacyTokenEndpoint,
  createRevokeEndpoint,
  createTokenEndpoint,
} from './oauth/token-endpoint.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import type { SimulatorOptions } from './simulator.ts';
import type { Tenant } from './tenant.ts';
import { createTenants } from './tenant.ts';
import type { Traffic } from './traffic.ts';
import { createTraffic } from './traffic.ts';
import type { ChangeStream } from './world/change-stream.ts';
import { createChangeStream } from './world/change-stream.ts';
import { populate } from './world/populate.ts';
import { resourceNames, resources } from './world/resources/index.ts';
import { World } from './world/world.ts';

const defaultPolled = ['customers', 'invoices', 'products'];

/** Everything of a simulator but its two servers. */
export interface SimulatorParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenants: readonly Tenant[];
  readonly choices: Choices;
  readonly polled: readonly string[];
  readonly world: World;
  readonly changes: ChangeStream;
  /** What existed before the start comes first in the truth: so many entries. */
  readonly initialEntries: number;
  readonly grants: Grants;
  readonly legacyGrants: Grants;
  readonly businesses: Businesses;
  readonly journal: ReadJournal;
  readonly instances: Instances;
  readonly clientAuthentication: Record<ClientAuthentication['way'], number>;
  readonly faults: FaultScript;
  readonly traffic: Traffic;
  readonly ledger: Delivery[];
  /** Aborted first of all when the simulator closes, so that no wait keeps the process. */
  readonly closing: AbortController;
  readonly endpoints: readonly Endpoint[];
}

export function createParts(options: SimulatorOptions): SimulatorParts {
  refuseMistakes(options);
  const { seed = 1, polled = defaultPolled } = options;
  const clock = skewClock(options.clock ?? systemClock, options.skewMs ?? 0);
  const tenants = createTenants(seed, options.tenants ?? [{ name: 'north' }]);
  const choices = { ...defaultChoices, ...options.choices };
  const random = createRandom(seed, 'requests');
  const data = createData(options, seed, clock, tenants);
  const parts = {
    clock,
    random,
    tenants,
    choices,
    polled,
    ...data,
    grants: new Grants({ clock, random: createRandom(seed, 'tokens'), tenants }),
    legacyGrants: new Grants({
      clock,
      random: createRandom(seed, 'legacy tokens'),
      tenants,
      style: legacyStyle,
    }),
    businesses: createBusinesses(tenants),
    journal: createReadJournal(clock),
    instances: createInstances(createRandom(seed, 'instances')),
    clientAuthentication: { body: 0, basic: 0 },
    faults: createFaultScript(seed, clock),
    traffic: createTraffic(clock),
    ledger: [],
    closing: new AbortController(),
  };
  return { ...parts, endpoints: createEndpoints(parts, options.redirectUris ?? []) };
}

function createData(
  { burst, late, polled, restMs = 0, initialObjects = 20, isFull = false }: SimulatorOptions,
  seed: number,
  clock: Clock,
  tenants: readonly Tenant[],
): Pick<SimulatorParts, 'world' | 'changes' | 'initialEntries'> {
  const names = tenants.map(({ name }) => name);
  const world = new World({ clock, seed, tenants: names, resources });
  const changing = changingNames(world, polled);
  const wanted = new Set([...(polled ?? []).flatMap((name) => world.partsOf(name)), ...changing]);
  const changes = createChangeStream({
    clock,
    seed,
    world,
    tenants: names,
    resources: changing,
    burst: burst ?? { probability: 0, size: 1 },
    restMs,
    late: late ?? { probability: 0, maxMs: 0 },
  });
  const population = { world, tenants: names, nowMs: clock.nowMs(), seed };
  populate({ ...population, names: world.names.filter((name) => wanted.has(name)), count: initialObjects });
  if (isFull) {
    const others = world.names.filter((name) => !wanted.has(name));
    populate({ ...population, names: others, count: Math.ceil(initialObjects / 4) });
  }
  return { world, changes, initialEntries: world.truth.length };
}

/** What is polled, and where nobody said what, one more name, so that the checker has something to leave out. */
function changingNames(world: World, polled: readonly string[] | undefined): readonly string[] {
  const canChange = (name: string): boolean => world.resourceOf(name).fixedIds === undefined;
  const names = (polled ?? []).flatMap((name) => world.partsOf(name)).filter(canChange);
  return names.length > 0 ? [...new Set(names)] : ['customers', 'vendors', 'products', 'invoices'];
}

/** Sage's doors. Another mode of Sage is another line here. */
function createEndpoints(
  parts: Omit<SimulatorParts, 'endpoints'>,
  redirectUris: readonly string[],
): readonly Endpoint[] {
  const { tenants, grants, clientAuthentication } = parts;
  const token = {
    tenants,
    grants,
    countClientAuthentication: (way: ClientAuthentication['way']) => {
      clientAuthentication[way] += 1;
    },
  };
  const legacy = { ...parts, grants: parts.legacyGrants };
  return [
    createAccountingEndpoint(parts),
    createLegacyEndpoint(legacy),
    createLegacyTokenEndpoint({ ...token, grants: parts.legacyGrants }),
    createAuthorizeEndpoint({ tenants, grants, redirectUris }),
    createTokenEndpoint(token),
    createRevokeEndpoint(token),
    createInstancesEndpoint(parts),
    createHubEndpoint(parts),
  ];
}

function refuseMistakes({
  tenants = [],
  polled = [],
  changesPerSecond = 0,
  total = 0,
}: SimulatorOptions): void {
  const names = tenants.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SagecfgError('usage', `two tenants are named "${twice}"`);
  const unknown = polled.find((name) => !resourceNames.includes(name));
  if (unknown !== undefined) {
    const known = resourceNames.join(', ');
    throw new SagecfgError('usage', `the simulator has no "${unknown}": expected one of ${known}`);
  }
  for (const [name, value] of Object.entries({ changesPerSecond, total })) {
    if (!(value >= 0)) throw new SagecfgError('usage', `${name} is ${value}: expected 0 or more`);
  }
}
