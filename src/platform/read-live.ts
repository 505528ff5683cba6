import type { LiveInstance } from './live-instance.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { PlatformClient } from './platform-client.ts';
import type { PlatformResult } from './platform-failure.ts';

/** Every live instance with its configuration: read one by one where the list leaves it out. */
export async function readLiveInstances(
  client: PlatformClient,
  { concurrency, signal }: { readonly concurrency: number; readonly signal?: AbortSignal },
): Promise<PlatformResult<readonly LiveInstance[]>> {
  const listed = await client.list(signal);
  if (!listed.ok) return listed;
  const read = await mapConcurrently(listed.value, concurrency, async (live) =>
    live.configuration === undefined
      ? await client.read(live.id, signal)
      : ({ ok: true, value: live } as const),
  );
  const failed = read.find((each) => !each.ok);
  if (failed?.ok === false) return failed;
  return { ok: true, value: read.flatMap((each) => (each.ok ? [each.value] : [])) };
}
