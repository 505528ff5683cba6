import { createHash } from 'node:crypto';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { Envelope, SageSession } from '../sage-session.ts';
import type { SentEvent } from '../send-notification.ts';
import { sendNotification } from '../send-notification.ts';

/** The mistakes that pollers make. */
export interface PollMistakes {
  /** Milliseconds that the next poll reads again; a careful poller takes more than Sage can be late. */
  readonly overlapMs?: number;
  readonly readsFirstPageOnly?: boolean;
  readonly forgetsDeletions?: boolean;
  readonly newIdEachTime?: boolean;
  readonly alwaysCreated?: boolean;
}

/** What a poller keeps from poll to poll. */
export interface PollMemory {
  readonly watermarks: Map<string, number>;
  /** The version that was delivered last, by object. */
  readonly versions: Map<string, string>;
  polls: number;
}

const paths: Readonly<Record<string, string>> = {
  customers: '/contacts?contact_type_id=CUSTOMER&',
  invoices: '/sales_invoices?',
  products: '/products?',
};

/** A poller in a few lines, over HTTP only: what the checker must find clean, or find out. */
export async function pollOnce(
  simulator: Simulator,
  session: SageSession,
  memory: PollMemory,
  mistakes: PollMistakes,
): Promise<void> {
  memory.polls += 1;
  for (const [resource, path] of Object.entries(paths)) {
    const changes = await readAll(session, memory, `${path}updated_or_created_since`, mistakes);
    const deletions = mistakes.forgetsDeletions
      ? []
      : await readAll(session, memory, `${path}deleted_since`, mistakes);
    const events = [...changes, ...deletions].flatMap((record) => decide(record, resource, memory, mistakes));
    for (const { event, record } of events) {
      const tenant = session.tenant.name;
      await sendNotification(simulator, { tenant, events: [event], raw: { [resource]: [record] } });
    }
  }
}

type Item = Envelope['$items'][number];

/** The first read only learns the time. */
async function readAll(
  { get, list }: SageSession,
  { watermarks }: PollMemory,
  feed: string,
  { overlapMs = 120_000, readsFirstPageOnly = false }: PollMistakes,
): Promise<readonly Item[]> {
  const date = Date.parse((await get(`${feed}=2100-01-01`)).headers.get('date') ?? '');
  const since = watermarks.get(feed);
  watermarks.set(feed, date - overlapMs);
  if (since === undefined) return [];
  const items: Item[] = [];
  const time = new Date(since).toISOString();
  let next: string | null = `${feed}=${time}&attributes=created_at,updated_at,deleted_at&items_per_page=5`;
  while (next !== null) {
    const page: Envelope = await list(next);
    items.push(...page.$items);
    next = readsFirstPageOnly ? null : page.$next;
  }
  return items;
}

function decide(
  record: Item,
  resource: string,
  { versions, polls }: PollMemory,
  { newIdEachTime, alwaysCreated }: PollMistakes,
): readonly { readonly event: SentEvent; readonly record: Item }[] {
  const objectId = String(record['id']);
  const version = createHash('sha256').update(JSON.stringify(record)).digest('hex');
  const previous = versions.get(objectId);
  if (previous === version && !newIdEachTime) return [];
  versions.set(objectId, version);
  const isDeleted = record['deleted_at'] !== null;
  const isCreated =
    alwaysCreated || (previous === undefined && record['created_at'] === record['updated_at']);
  const event = {
    eventId: newIdEachTime ? `${version}-${polls}` : version,
    objectId,
    objectType: resource,
    eventType: isDeleted ? 'DELETED' : isCreated ? 'CREATED' : 'UPDATED',
    date: String(isDeleted ? record['deleted_at'] : record['updated_at']),
  };
  return [{ event, record }];
}
