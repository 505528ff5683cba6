import type { Io } from '../../io.ts';
import type { PollCounts, Report, RuntimeEvent } from '../../runtime/report.ts';

/** Writes what the runtime reports to standard output: sentences on a terminal, else one JSON object a line. */
export function createRuntimeLog(io: Io, now: () => Date = () => new Date()): Report {
  return (event) => {
    const time = now().toISOString();
    if (!io.isTerminal) io.stdout.write(`${JSON.stringify({ time, ...event })}\n`);
    else {
      // A person at a terminal need not see each single delivery.
      if (event.kind !== 'notification-delivered')
        io.stdout.write(`${time.slice(11, 19)} ${describeEvent(event)}\n`);
    }
  };
}

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
    case 'poll-blind':
      return `${nameOf(event)}  cannot see deletions: ${event.why}`;
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
    default:
      return `${event.instance}  ${event.reason}`;
  }
}

function nameOf({ instance, resource }: { readonly instance: string; readonly resource: string }): string {
  return `${instance}/${resource}`;
}

function describeCounts({ events: found, learnt, records, pages, dropped }: PollCounts): string {
  const changes = `${found.CREATED} created, ${found.UPDATED} updated, ${found.DELETED} deleted`;
  const learning = learnt === 0 ? '' : `, ${learnt} learnt`;
  const outside = dropped['outside-window'];
  const warning = outside === 0 ? '' : `, ${outside} older than asked for`;
  return `${changes}${learning} (${records} read on ${pages} ${pages === 1 ? 'page' : 'pages'}${warning})`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times in a row`;
}

function events(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

function clock(epochMs: number): string {
  return `at ${new Date(epochMs).toISOString().slice(11, 19)}`;
}
