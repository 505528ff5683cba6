import type { InstanceChanges } from '../../runtime/compare-instances.ts';
import type { PollCounts, RuntimeEvent } from '../../runtime/report.ts';

/** One line, without the time. */
export function describeEvent(event: RuntimeEvent): string {
  switch (event.kind) {
    case 'poll-finished':
      return `${nameOf(event)}  ${describeCounts(event.counts)} in ${seconds(event.durationMs)}${
        event.watermarkMoved ? '' : '; rows kept moving, so the next poll reads the same time again'
      }`;
    case 'poll-failed':
      return `${nameOf(event)}  failed, ${times(event.failures)}: ${event.reason}; ${
        event.isPaused ? 'paused' : `next try ${clock(event.retryAtMs)}`
      }`;
    case 'backfill-page':
      return `${nameOf(event)}  backfill: ${describeCounts(event.counts)} so far`;
    case 'backfill-finished':
      return `${nameOf(event)}  backfill done: ${describeCounts(event.counts)}`;
    case 'backfill-failed':
      return `${nameOf(event)}  backfill failed, ${times(event.failures)}: ${event.reason}; ${
        event.isPaused ? 'given up' : `next try ${clock(event.retryAtMs)}`
      }`;
    case 'poll-blind':
      return `${event.resource} of ${listOf(event.instances)}: no DELETED events, ${event.why}`;
    case 'notification-delivered':
      return `${event.instance}  ${events(event.events)} delivered`;
    case 'notification-failed':
      return `${event.instance}  ${events(event.events)} not delivered, attempt ${event.attempt}: ${event.reason}; next try ${clock(event.retryAtMs)}`;
    case 'notification-split':
      return `${event.instance}  ${events(event.events)} not delivered: ${event.reason}; sent in ${event.parts} parts now, to find the one that is refused`;
    case 'notification-dead':
      return `${event.instance}  ${events(event.events)} given up after attempt ${event.attempt}: ${event.reason}`;
    case 'token-refreshed':
      return `${event.instance}  token refreshed`;
    case 'reauthorisation-needed':
      return `${event.instance}  ${event.reason}`;
    case 'quota':
      return describeQuota(event);
    case 'started':
      return `running ${count(event.polls, 'poll')} of ${count(event.instances, 'instance')}`;
    case 'grant-idle':
      return `${event.instance}  its grant is not used and ends on ${new Date(event.endsMs).toISOString().slice(0, 10)}: resume its polls, or sagecfg auth`;
    case 'endpoint-opened':
      return `${event.endpoint}  left alone, most of what it was sent failed: ${event.reason}; next try ${clock(event.retryAtMs)}`;
    case 'endpoint-closed':
      return `${event.endpoint}  accepts again`;
    case 'endpoint-disabled':
      return `${event.endpoint}  gets nothing more: ${event.reason}; mend it, then sagecfg resume`;
    case 'resumed':
      return 'somebody resumed or replayed something: looking at what is due';
    case 'health-served':
      return `health and metrics at ${event.url}`;
    case 'reloaded':
      return describeReload(event);
    case 'reload-refused':
      return `changed files not taken over, what ran before goes on: ${event.reason}`;
    case 'watch-failed':
      return `cannot watch '${event.folder}', so changes there need a SIGHUP: ${event.reason}`;
    case 'stopping':
      return `stopping: what is under way may take ${seconds(event.drainMs)}; once more to stop at once`;
    case 'stretched':
      return `${count(event.instances, 'instance')} polled less often: they ask for up to ${event.factor} times the requests that there are`;
    case 'worker-trouble':
      return `trouble, going on: ${event.reason}`;
    case 'database-back':
      return `the database is back, after ${Math.ceil(event.awayMs / 1000)} s; nothing was lost`;
    case 'jobs-restored':
      return `${count(event.polls.length, 'job')} had gone and ${event.polls.length === 1 ? 'is' : 'are'} back: ${event.polls.slice(0, mostLines).join(', ')}`;
    case 'cut-off':
    default:
      return 'the time to stop in is over: what was not answered is sent again at the next start';
  }
}

function describeReload({ added, removed, changed, renamed }: InstanceChanges): string {
  const isRenamed = (id: string): boolean => renamed.some(({ from, to }) => from === id || to === id);
  const lines = [
    ...renamed.map(({ from, to }) => `~ ${from} is ${to} now, and goes on from its watermarks`),
    ...added.filter((id) => !isRenamed(id)).map((id) => `+ ${id}`),
    ...removed.filter((id) => !isRenamed(id)).map((id) => `- ${id}  its watermarks are kept`),
    ...changed.flatMap(({ id, differences }) => differences.map((difference) => `~ ${id}  ${difference}`)),
  ];
  if (lines.length === 0) return 'changed files taken over: they say what runs already';
  const more = lines.length - mostLines;
  const shown = more > 0 ? [...lines.slice(0, mostLines), `and ${more} more`] : lines;
  return ['changed files taken over', ...shown].join('\n           ');
}

/** A person at a terminal does not read the changes of a thousand tenants. */
const mostLines = 20;

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function nameOf({ instance, resource }: { readonly instance: string; readonly resource: string }): string {
  return `${instance}/${resource}`;
}

function describeCounts({
  events: found,
  learnt,
  records,
  pages,
  dropped,
  unreadableDates,
}: PollCounts): string {
  const changes = `${found.CREATED} created, ${found.UPDATED} updated, ${found.DELETED} deleted`;
  const learning = learnt === 0 ? '' : `, ${learnt} learnt`;
  const outside = dropped['outside-window'];
  const warning = outside === 0 ? '' : `, ${outside} older than asked for`;
  const unreadable =
    unreadableDates === 0 ? '' : `, ${unreadableDates} with a date that 'datesConfiguration' does not read`;
  return `${changes}${learning} (${records} read on ${count(pages, 'page')}${warning}${unreadable})`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times in a row`;
}

function events(number: number): string {
  return count(number, 'event');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function clock(epochMs: number): string {
  return `at ${new Date(epochMs).toISOString().slice(11, 19)}`;
}

function describeQuota({
  instances,
  requestsADay,
  allowedADay,
  arithmetic,
  busiest,
}: Extract<RuntimeEvent, { kind: 'quota' }>): string {
  const day = `${count(instances, 'instance')} of one app: at least ${grouped(requestsADay)} requests a day (${arithmetic}), of ${grouped(allowedADay)}`;
  return `${day}; the busiest business, of ${busiest.instance}: ${busiest.requestsAMinute} a minute, of ${busiest.allowedAMinute}`;
}

function grouped(amount: number): string {
  return amount.toLocaleString('en-US');
}
