import { SagecfgError } from '../problem/sagecfg-error.ts';
import { createAccountingEndpoint } from './accounting/accounting-endpoint.ts';
import { createBusinesses } from './accounting/businesses.ts';
import { createReadJournal } from './accounting/read-journal.ts';
import { defaultChoices } from './assumptions.ts';
import type { Delivery } from './callback/delivery.ts';
import { skewClock, systemClock } from './clock.ts';
import { createFaultScript } from './faults/fault-script.ts';
import type { Endpoint } from './http/endpoint.ts';
import { createAuthorizeEndpoint } from './oauth/authorize-endpoint.ts';
import { Grants } from './oauth/grants.ts';
import { createRevokeEndpoint, createTokenEndpoint } from './oauth/token-endpoint.ts';
import { createRandom } from './random.ts';
import type { SimulatorOptions } from './simulator.ts';
import { createTenants } from './tenant.ts';
import { createTraffic } from './traffic.ts';
import { createChangeStream } from './world/change-stream.ts';
import { populate } from './world/populate.ts';
import { resources } from './world/resources/index.ts';
import { World } from './world/world.ts';

const defaultPolled = ['customers', 'invoices', 'products'];

/** Everything of a simulator but its two servers. */
export function createParts(options: SimulatorOptions) {
  refuseMistakes(options);
  const { seed = 1, polled = defaultPolled } = options;
  const clock = skewClock(options.clock ?? systemClock, options.skewMs ?? 0);
  const tenants = createTenants(seed, options.tenants ?? [{ name: 'north' }]);
  const names = tenants.map(({ name }) => name);
  const world = new World({ clock, seed, tenants: names, resources });
  const changes = createChangeStream({
    clock,
    seed,
    world,
    tenants: names,
    resources: world.names,
    burst: options.burst ?? { probability: 0, size: 1 },
    late: options.late ?? { probability: 0, maxMs: 0 },
  });
  populate({ world, tenants: names, nowMs: clock.nowMs(), count: options.initialObjects ?? 20, seed });
  const choices = { ...defaultChoices, ...options.choices };
  const grants = new Grants({ clock, random: createRandom(seed, 'tokens'), tenants });
  const businesses = createBusinesses(tenants);
  const journal = createReadJournal(clock);
  const clientAuthentication = { body: 0, basic: 0 };
  const random = createRandom(seed, 'requests');
  const token = {
    tenants,
    grants,
    countClientAuthentication: (way: 'body' | 'basic') => {
      clientAuthentication[way] += 1;
    },
  };
  const endpoints: readonly Endpoint[] = [
    createAccountingEndpoint({ clock, world, choices, journal, random, grants, businesses }),
    createAuthorizeEndpoint({ tenants, grants, redirectUris: options.redirectUris ?? [] }),
    createTokenEndpoint(token),
    createRevokeEndpoint(token),
  ];
  return {
    clock,
    random,
    tenants,
    world,
    /** What existed before the start, in the truth's own order. */
    initialEntries: world.truth.length,
    changes,
    choices,
    grants,
    businesses,
    journal,
    clientAuthentication,
    endpoints,
    polled,
    faults: createFaultScript(seed),
    traffic: createTraffic(clock),
    ledger: new Array<Delivery>(),
    /** Aborted first of all when the simulator closes, so that no wait keeps the process. */
    closing: new AbortController(),
  };
}

export type SimulatorParts = ReturnType<typeof createParts>;

const knownNames = resources.flatMap(({ names }) => names);

function refuseMistakes({
  tenants = [],
  polled = [],
  changesPerSecond = 0,
  total = 0,
}: SimulatorOptions): void {
  const names = tenants.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SagecfgError('usage', `two tenants are named "${twice}"`);
  const unknown = polled.find((name) => !knownNames.includes(name));
  if (unknown !== undefined) {
    const known = knownNames.join(', ');
    throw new SagecfgError('usage', `the simulator has no "${unknown}": expected one of ${known}`);
  }
  for (const [name, value] of Object.entries({ changesPerSecond, total })) {
    if (!(value >= 0)) throw new SagecfgError('usage', `${name} is ${value}: expected 0 or more`);
  }
}
