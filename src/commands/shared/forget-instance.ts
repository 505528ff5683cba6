import type { Io } from '../../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import { visibleText } from '../../report/visible-text.ts';
import type { InstanceContents } from '../../runtime/ports/instance-store.ts';
import { requireKnownInstance } from './require-known-instance.ts';
import { openStateBeside, stateAddressFrom } from './state-options.ts';

type Flags = Parameters<typeof openStateBeside>[0] & {
  readonly 'dry-run'?: boolean | undefined;
  readonly undelivered?: boolean | undefined;
};

/** Deletes what the state has of an instance, alone; with `--dry-run` it says what that is, beside whatever runs. */
export async function forgetInstance(instanceId: string, flags: Flags, io: Io): Promise<ExitCode> {
  const isDry = flags['dry-run'] === true;
  const known = await readContents(instanceId, flags, io);
  if (isDry) {
    io.stdout.write(`would forget ${describe(instanceId, known)}\n`);
    return exitCodes.clean;
  }
  const { openKeyless } = await import('../../runtime/open-storage.ts');
  const { environment, workingDirectory } = io;
  await using store = await openKeyless(stateAddressFrom(flags, io), { environment, workingDirectory });
  const contents = await store.instances.read(instanceId);
  refuseUndelivered(instanceId, contents, flags);
  await store.instances.forget(instanceId);
  io.stdout.write(`forgot ${describe(instanceId, contents)}\n`);
  return exitCodes.clean;
}

async function readContents(instanceId: string, flags: Flags, io: Io): Promise<InstanceContents> {
  await using store = await openStateBeside(flags, io, { readOnly: true });
  await requireKnownInstance(instanceId, store);
  return await store.instances.read(instanceId);
}

function refuseUndelivered(
  instanceId: string,
  { pendingEvents, deadEvents }: InstanceContents,
  { undelivered }: Flags,
): void {
  if (pendingEvents + deadEvents === 0 || undelivered === true) return;
  const waiting = pendingEvents === 0 ? [] : [`${count(pendingEvents, 'event')} to deliver`];
  const dead =
    deadEvents === 0
      ? []
      : [`${count(deadEvents, 'event')} that ${deadEvents === 1 ? 'was' : 'were'} given up`];
  throw new SagecfgError(
    'refused',
    `'${instanceId}' still has ${[...waiting, ...dead].join(' and ')}: deliver them, or forget them too with --undelivered`,
  );
}

function describe(
  instanceId: string,
  { polls, objects, pendingEvents, deadEvents, deliveredEvents, hasGrant }: InstanceContents,
): string {
  const undelivered = pendingEvents + deadEvents;
  const parts = [
    count(polls, 'poll'),
    `the versions of ${count(objects, 'object')}`,
    `${count(deliveredEvents + undelivered, 'event')} (${undelivered} undelivered)`,
    ...(hasGrant ? ['its grant'] : []),
  ];
  return `${visibleText(instanceId)}: ${parts.join(', ')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
