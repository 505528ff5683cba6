import type { Io } from '../../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import type { Store } from '../../runtime/ports/store.ts';
import { systemClock } from '../../sage/clock.ts';
import { parseInstant } from './parse-instant.ts';
import { stateAddressFrom } from './state-options.ts';
import { readLines } from './transfer-state.ts';

interface LastPoll {
  readonly instanceId: string;
  readonly resource: string;
  readonly fromMs: number;
}

/**
 * Makes polls known that begin where another platform stopped: what changed from its last poll on is delivered, what was
 * before is not. One line that is wrong, and nothing is written.
 */
export async function importLastPolls(
  file: string,
  flags: Parameters<typeof stateAddressFrom>[0],
  io: Io,
): Promise<ExitCode> {
  const lastPolls = await readLastPolls(file, io);
  const { openKeyless } = await import('../../runtime/open-storage.ts');
  const { environment, workingDirectory } = io;
  const address = stateAddressFrom(flags, io);
  await using store = await openKeyless(address, { environment, workingDirectory });
  await refuseKnown(lastPolls, store);
  for (const { instanceId, resource, fromMs } of lastPolls) {
    const poll = { key: `${instanceId}/${resource}`, instanceId, resource };
    await store.polls.ensure(poll, { baseline: { kind: 'since', fromMs }, nowMs: systemClock.now() });
  }
  const count = lastPolls.length === 1 ? '1 poll begins' : `${lastPolls.length} polls begin`;
  io.stdout.write(`${count} where the lines say; now 'sagecfg run'\n`);
  return exitCodes.clean;
}

async function readLastPolls(file: string, io: Io): Promise<readonly LastPoll[]> {
  const found: LastPoll[] = [];
  const seen = new Set<string>();
  let number = 0;
  for await (const line of readLines(file, io)) {
    number += 1;
    const text = line.trim();
    if (text === '' || text.startsWith('#') || text === 'instance,resource,time') continue;
    const lastPoll = parseLine(text, number);
    const key = JSON.stringify([lastPoll.instanceId, lastPoll.resource]);
    if (seen.has(key)) throw wrong(number, `a second time for ${lastPoll.instanceId},${lastPoll.resource}`);
    seen.add(key);
    found.push(lastPoll);
  }
  if (found.length === 0)
    throw new SagecfgError('state', `there is no line INSTANCE,RESOURCE,TIME in ${file}`);
  return found;
}

/** The name of an instance may have commas; a resource and a time have none. */
function parseLine(text: string, number: number): LastPoll {
  const [, instanceId = '', resource = '', time = ''] = /^(.+),([^,]+),([^,]+)$/.exec(text) ?? [];
  if (instanceId === '')
    throw wrong(number, 'expected INSTANCE,RESOURCE,TIME, such as acme,customers,2026-11-23T10:00:00Z');
  const fromMs = parseTime(time.trim(), number);
  return { instanceId: instanceId.trim(), resource: resource.trim(), fromMs };
}

function parseTime(time: string, number: number): number {
  try {
    return Math.floor(parseInstant('last-polls', time) / 1000) * 1000;
  } catch {
    throw wrong(number, `${JSON.stringify(time)} is no time with its zone, such as 2026-11-23T10:00:00Z`);
  }
}

async function refuseKnown(lastPolls: readonly LastPoll[], { polls }: Store): Promise<void> {
  const known = new Set((await polls.list()).map(({ key }) => key));
  const twice = lastPolls.find(({ instanceId, resource }) => known.has(`${instanceId}/${resource}`));
  if (twice === undefined) return;
  throw new SagecfgError(
    'state',
    `the state already polls ${twice.instanceId}/${twice.resource}, and knows better where it was; nothing was imported`,
  );
}

function wrong(number: number, what: string): SagecfgError {
  return new SagecfgError('state', `line ${number}: ${what}`);
}
