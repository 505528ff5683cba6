import type { ApplyPorts } from './apply-ports.ts';
import type { DesiredInstance } from './desired-instance.ts';
import type { LiveInstance } from './live-instance.ts';
import { failed, type PlatformResult } from './platform-failure.ts';

const pauseMs = 1000;

/**
 * Looks for an instance that may have been created, by element, name and tags, until there can be no creation under way
 * any more. `strangers` are those that were there before.
 */
export async function findCreated(
  desired: DesiredInstance,
  { sinceMs, strangers }: { readonly sinceMs: number; readonly strangers: ReadonlySet<string> },
  { client, clock, settleMs }: Pick<ApplyPorts, 'client' | 'clock' | 'settleMs'>,
): Promise<PlatformResult<LiveInstance | undefined>> {
  for (;;) {
    const askedMs = clock.now();
    const listed = await client.list();
    if (!listed.ok) return listed;
    const found = listed.value.filter((live) => isSame(desired, live) && !strangers.has(live.id));
    if (found.length > 1) return failed(twice(found));
    if (found[0] !== undefined) return { ok: true, value: found[0] };
    // Judged by when the list was asked for: what came into being since is not in it.
    if (askedMs >= sinceMs + settleMs) return { ok: true, value: undefined };
    await clock.sleep(Math.min(pauseMs, sinceMs + settleMs - askedMs));
  }
}

function isSame({ elementKey, name, tags = [] }: DesiredInstance, live: LiveInstance): boolean {
  return live.elementKey === elementKey && live.name === name && tags.every((tag) => live.tags.includes(tag));
}

function twice(found: readonly LiveInstance[]) {
  const ids = found.map(({ id }) => id).join(', ');
  return {
    status: undefined,
    message: `${found.length} live instances have that name (${ids}): delete those that are too many, then run it again`,
    isFromPlatform: false,
    isUncertain: false,
    isPassing: false,
  };
}
