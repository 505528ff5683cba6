import { deliveryLine } from '../callback/delivery.ts';
import { parseFaults } from '../faults/parse-fault.ts';
import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';
import { instanceModes } from '../instance-file.ts';
import type { Simulator } from '../simulator.ts';
import { truthLine } from '../world/truth-entry.ts';

export interface ControlOptions {
  readonly simulator: Simulator;
}

type Route = (request: ReceivedRequest, options: ControlOptions) => Answer | Promise<Answer>;

export const controlPrefix = '/__control';

/** The simulator's own door, for whoever runs it in another process. No fault touches it, nothing counts it. */
export async function handleControl(request: ReceivedRequest, options: ControlOptions): Promise<Answer> {
  const path = request.path.slice(controlPrefix.length);
  const route = routes[`${request.method} ${path}`];
  if (route !== undefined) return await route(request, options);
  const tenant = /^\/instance\/(?<tenant>[^/]+)$/.exec(path)?.groups?.['tenant'];
  if (request.method === 'GET' && tenant !== undefined) return instanceFile(tenant, request, options);
  if (path === '' || path === '/') return jsonAnswer(200, [...Object.keys(routes), 'GET /instance/TENANT']);
  return refuse(404, `no such control: expected one of ${Object.keys(routes).join(', ')}`);
}

const routes: Readonly<Record<string, Route>> = {
  'GET /report': (_request, { simulator }) => jsonAnswer(200, simulator.report()),
  'GET /truth': (_request, { simulator }) => jsonAnswer(200, simulator.truth.map(truthLine)),
  'GET /ledger': (_request, { simulator }) => jsonAnswer(200, simulator.ledger.map(deliveryLine)),
  'GET /requests': (_request, { simulator }) => jsonAnswer(200, simulator.traffic.lines()),
  'GET /tenants': (_request, { simulator }) => jsonAnswer(200, simulator.tenants),
  'GET /assumptions': (_request, { simulator }) => jsonAnswer(200, simulator.assumptions),
  'GET /faults': (_request, { simulator }) => jsonAnswer(200, simulator.faults.list()),
  'POST /faults': addFaults,
  'DELETE /faults': (_request, { simulator }) => {
    simulator.faults.clear();
    return jsonAnswer(200, []);
  },
  'POST /changes': makeChanges,
  'POST /start': startChanges,
  'POST /lead': setLead,
  'POST /stop': async (_request, { simulator }) => {
    await simulator.changes.stop();
    return jsonAnswer(200, { changes: simulator.truth.length });
  },
  'POST /quiesce': async (_request, { simulator }) => {
    await simulator.quiesce();
    return jsonAnswer(200, { changes: simulator.truth.length });
  },
};

function addFaults({ body }: ReceivedRequest, { simulator }: ControlOptions): Answer {
  const parsed = parseFaults(body.toString(), simulator.faultedEndpoints);
  if (typeof parsed === 'string') return refuse(400, parsed);
  simulator.faults.add(...parsed);
  return jsonAnswer(200, simulator.faults.list());
}

function makeChanges({ body }: ReceivedRequest, { simulator }: ControlOptions): Answer {
  const count = numberIn(parseBody(body), 'count');
  if (count === undefined) return refuse(400, 'expected {"count": NUMBER}');
  return jsonAnswer(200, simulator.changes.make(count).map(truthLine));
}

function startChanges({ body }: ReceivedRequest, { simulator }: ControlOptions): Answer {
  const plan = parseBody(body);
  const changesPerSecond = numberIn(plan, 'changesPerSecond');
  if (changesPerSecond === undefined || changesPerSecond === 0) {
    return refuse(400, 'expected {"changesPerSecond": NUMBER, "total": NUMBER}; without total it goes on');
  }
  simulator.changes.start({ changesPerSecond, total: numberIn(plan, 'total') ?? Infinity });
  return jsonAnswer(200, {});
}

function setLead({ body }: ReceivedRequest, { simulator }: ControlOptions): Answer {
  const value = parseBody(body);
  const { tenants } = simulator;
  const tenant = tenants.find(({ name }) => name === fieldOf(value, 'tenant'));
  if (tenant === undefined) {
    return refuse(400, `expected {"tenant": NAME}, one of ${tenants.map(({ name }) => name).join(', ')}`);
  }
  simulator.businesses.setLead(tenant.name);
  return jsonAnswer(200, {});
}

function instanceFile(tenant: string, { query }: ReceivedRequest, { simulator }: ControlOptions): Answer {
  const name = decodeURIComponent(tenant);
  const asked = query.get('source') ?? 'sage';
  const mode = instanceModes.find((each) => each === asked);
  if (mode === undefined) return refuse(400, `no source "${asked}": expected ${instanceModes.join(', ')}`);
  if (!simulator.tenants.some((each) => each.name === name)) return refuse(404, `no tenant "${name}"`);
  return {
    status: 200,
    headers: { 'Content-Type': 'application/yaml' },
    body: simulator.instanceFile(name, mode),
  };
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // The route says what it expected.
    return undefined;
  }
}

function numberIn(value: unknown, name: string): number | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'number' && found >= 0 ? found : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

function refuse(status: number, error: string): Answer {
  return jsonAnswer(status, { error });
}
