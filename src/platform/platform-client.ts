import type { HttpResponse } from '../sage/http.ts';
import { callPlatform, type Call, type CallOptions, type RequestBody } from './call-platform.ts';
import { readLiveInstance, type LiveInstance } from './live-instance.ts';
import { failed, malformedAnswer, type PlatformResult } from './platform-failure.ts';

/** Every request is repeated, with growing waits, as long as that cannot do anything twice. */
export interface PlatformClient {
  /** Every instance, from all pages; none where the platform answers 404. */
  readonly list: (signal?: AbortSignal) => Promise<PlatformResult<readonly LiveInstance[]>>;
  readonly read: (id: string, signal?: AbortSignal) => Promise<PlatformResult<LiveInstance>>;
  /** Not repeated when it may have been carried out: then the failure says `isUncertain`. */
  readonly create: (body: RequestBody, signal?: AbortSignal) => Promise<PlatformResult<LiveInstance>>;
  readonly patch: (id: string, body: RequestBody, signal?: AbortSignal) => Promise<PlatformResult<unknown>>;
  /** Logs in again: repeated as little as a creation. */
  readonly replace: (id: string, body: RequestBody, signal?: AbortSignal) => Promise<PlatformResult<unknown>>;
  /** An instance that is not there is removed. */
  readonly remove: (id: string, signal?: AbortSignal) => Promise<PlatformResult<unknown>>;
  /** Epoch milliseconds of the latest poll that led to an event, or of that event; undefined where there was none. */
  readonly latestEventMs: (id: string, signal?: AbortSignal) => Promise<PlatformResult<number | undefined>>;
}

const pageSize = 200;

export function createPlatformClient(options: CallOptions): PlatformClient {
  const call = (request: Call): Promise<PlatformResult<HttpResponse>> => callPlatform(request, options);
  const instance = async (request: Call): Promise<PlatformResult<LiveInstance>> => {
    const answer = await call(request);
    if (!answer.ok) return answer;
    const live = readLiveInstance(parseJson(answer.value.text));
    return live === undefined ? failed(malformedAnswer('it is no instance')) : { ok: true, value: live };
  };
  return {
    list: (signal) => listAll(call, signal),
    read: (id, signal) => instance({ method: 'GET', path: pathOf(id), signal }),
    create: (body, signal) => instance({ method: 'POST', path: '/instances', body, signal }),
    patch: (id, body, signal) => call({ method: 'PATCH', path: pathOf(id), body, signal }),
    replace: (id, body, signal) => call({ method: 'PUT', path: pathOf(id), body, signal }),
    remove: async (id, signal) => orMissing(await call({ method: 'DELETE', path: pathOf(id), signal })),
    latestEventMs: async (id, signal) => {
      const path = `${pathOf(id)}/events`;
      const answer = orMissing(await call({ method: 'GET', path, query: { pageSize: '1' }, signal }));
      if (!answer.ok) return answer;
      return { ok: true, value: answer.value && latestOf(parseJson(answer.value.text)) };
    },
  };
}

function pathOf(id: string): string {
  return `/instances/${encodeURIComponent(id)}`;
}

async function listAll(
  call: (request: Call) => Promise<PlatformResult<HttpResponse>>,
  signal: AbortSignal | undefined,
): Promise<PlatformResult<readonly LiveInstance[]>> {
  const found: LiveInstance[] = [];
  const pages = new Set<string>();
  for (let page: string | undefined; ;) {
    const query = { pageSize: String(pageSize), ...(page !== undefined && { nextPage: page }) };
    const answer = orMissing(await call({ method: 'GET', path: '/instances', query, signal }));
    if (!answer.ok) return answer;
    if (answer.value === undefined) return { ok: true, value: found };
    const items = parseJson(answer.value.text);
    if (!Array.isArray(items)) return failed(malformedAnswer('it is no list of instances'));
    for (const item of items) {
      const live = readLiveInstance(item);
      if (live === undefined) return failed(malformedAnswer('an item of the list is no instance'));
      found.push(live);
    }
    page = answer.value.headers['elements-next-page-token'];
    if (page === undefined || page === '') return { ok: true, value: found };
    if (pages.has(page)) return failed(malformedAnswer('its pages come round again'));
    pages.add(page);
  }
}

/** An empty list is documented as a 404, and nothing else is there either; a server that is not the platform knows no better. */
function orMissing(answer: PlatformResult<HttpResponse>): PlatformResult<HttpResponse | undefined> {
  return !answer.ok && answer.failure.status === 404 && answer.failure.isFromPlatform
    ? { ok: true, value: undefined }
    : answer;
}

/** The newest of what the platform tells of its events: the poll, or else the event itself. */
function latestOf(items: unknown): number | undefined {
  if (!Array.isArray(items)) return undefined;
  const times = items.flatMap((item: unknown) => {
    const fields = new Map<string, unknown>(Object.entries(Object(item)));
    const providerData = fields.get('providerData');
    const poll: unknown = typeof providerData === 'string' ? parseJson(providerData) : undefined;
    const pollDate = new Map<string, unknown>(Object.entries(Object(poll))).get('pollDate');
    const eventDate = fields.get('eventDate');
    const eventMs = typeof eventDate === 'string' ? Date.parse(eventDate) : Number.NaN;
    return typeof pollDate === 'number' ? [pollDate] : Number.isNaN(eventMs) ? [] : [eventMs];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller: it is not what was asked for.
    return undefined;
  }
}
