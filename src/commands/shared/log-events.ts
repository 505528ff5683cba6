import type { RuntimeEvent } from '../../runtime/report.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

interface LogEvent {
  /** `error` wants a person, `warn` may want one, `debug` is for looking closely. */
  readonly level: LogLevel;
  readonly means: string;
  /** What a person does about it, if anything. */
  readonly todo: string;
}

/** Every kind of line in the log, explained once: docs/running.md shows this table. */
export const logEvents: Readonly<Record<RuntimeEvent['kind'], LogEvent>> = {
  started: { level: 'info', means: 'the state is open, polls begin', todo: '' },
  quota: {
    level: 'info',
    means:
      'what the instances of one app ask of Sage at least, before polls begin; `warn` when it is more than Sage gives',
    todo: 'longer intervals, or fewer resources',
  },
  stretched: {
    level: 'warn',
    means:
      'with `--quota stretch`: so many instances are polled less often than they say, because they ask for up to `factor` times the requests that there are',
    todo: '`sagecfg plan --quota` shows the intervals',
  },
  'poll-finished': {
    level: 'info',
    means:
      'a poll read its resource to the end; `debug` when it found nothing new, `warn` when `unreadableDates` is above 0',
    todo: '`unreadableDates`: mend the formats in `datesConfiguration`; `outside-window` above 0 every time: the filter in the URL has no effect; `watermarkMoved` false every time: the list changes faster than it can be read, poll more often',
  },
  'poll-failed': {
    level: 'warn',
    means:
      'a poll failed and is tried again at `retryAtMs`; nothing is lost; `error` when it is paused after 100 failures in a row',
    todo: 'read `reason`; when paused, mend it and `sagecfg resume`',
  },
  'backfill-page': { level: 'debug', means: 'one more page of `--since` was read again', todo: '' },
  'backfill-finished': {
    level: 'info',
    means:
      'a resource is read again to the end; with the same `--since` and `--until` it will not be a second time',
    todo: '',
  },
  'backfill-failed': {
    level: 'warn',
    means:
      'a page of `--since` could not be read, and is tried again at `retryAtMs`; given up after 100 failures in a row',
    todo: 'read `reason`',
  },
  'poll-blind': {
    level: 'warn',
    means: 'Sage cannot tell what was deleted from this resource, so no DELETED event will come',
    todo: 'tell the receivers, or leave the resource out',
  },
  'notification-delivered': { level: 'debug', means: 'the receiver accepted a notification', todo: '' },
  'notification-failed': {
    level: 'warn',
    means: 'a notification was not accepted, and is sent again at `retryAtMs`',
    todo: 'read `reason`, look at the receiver',
  },
  'notification-split': {
    level: 'warn',
    means: 'a notification was refused, and is sent in parts to find the object at fault',
    todo: '',
  },
  'notification-dead': {
    level: 'error',
    means: 'a notification was given up; its events are kept, and hold back no others',
    todo: 'mend the receiver, then `sagecfg events replay`',
  },
  'token-refreshed': { level: 'debug', means: 'a new pair of tokens is stored', todo: '' },
  'reauthorisation-needed': {
    level: 'error',
    means: 'Sage no longer accepts the grant; the instance is not polled, its watermarks stay',
    todo: '`sagecfg auth` for the instance',
  },
  'grant-idle': {
    level: 'warn',
    means: 'nothing has used the grant of `instance` for weeks; Sage ends it at `endsMs`',
    todo: '`sagecfg resume` if its polls are paused, else `sagecfg auth`',
  },
  'endpoint-opened': {
    level: 'warn',
    means:
      'most of what `endpoint` was sent in half a minute failed, or it asked to wait: it gets nothing until `retryAtMs`, then one notification, to find out',
    todo: 'look at the receiver; what waits is kept',
  },
  'endpoint-closed': { level: 'info', means: '`endpoint` accepts again, delivery goes on', todo: '' },
  'endpoint-disabled': {
    level: 'error',
    means:
      '`endpoint` answered 410, or accepted nothing for five days: it gets nothing more, its events are kept',
    todo: 'mend the receiver or the callback, then `sagecfg resume`',
  },
  resumed: {
    level: 'info',
    means: 'somebody ran `sagecfg resume` or `sagecfg events replay`; what is due now is looked at anew',
    todo: '',
  },
  'health-served': {
    level: 'info',
    means: '`/livez`, `/readyz` and `/metrics` are at `url`',
    todo: '',
  },
  reloaded: {
    level: 'info',
    means:
      'changed files were taken over: instances `added`, `removed` and `changed`, watermarks kept; all empty where files that were refused are as before',
    todo: '',
  },
  'reload-refused': {
    level: 'error',
    means: 'changed files cannot be taken over, and nothing of them was; what ran before goes on',
    todo: 'mend what `reason` names',
  },
  'watch-failed': {
    level: 'warn',
    means: 'changes below `folder` go unnoticed',
    todo: 'send SIGHUP after a change; raise `fs.inotify.max_user_watches`',
  },
  stopping: {
    level: 'info',
    means: 'a signal came: nothing new begins, what is under way may end within `drainMs`',
    todo: 'a second signal ends the process at once',
  },
  'cut-off': {
    level: 'warn',
    means:
      'the time to stop in was over: deliveries without an answer are sent again at the next start, under the same ids',
    todo: 'a longer `--drain-seconds`, if it happens often',
  },
  'worker-trouble': {
    level: 'warn',
    means:
      'with Postgres: the database did not answer (told once a minute while it does not), or another process has taken over what this one was at; nothing is lost, it goes on by itself',
    todo: 'read `reason`; when it lasts, look at the database',
  },
  'database-back': {
    level: 'info',
    means: 'with Postgres: the database answers again, `awayMs` after it was first missed',
    todo: '',
  },
  'jobs-restored': {
    level: 'warn',
    means: 'with Postgres: the jobs of these `polls` had gone, by whatever hand, and were made anew',
    todo: 'find out who deletes from the schema `sagecfg_jobs`',
  },
};

/** How much an event matters, by its kind and what it says. */
export function levelOf(event: RuntimeEvent): LogLevel {
  if (event.kind === 'poll-failed' && event.isPaused) return 'error';
  if (event.kind === 'quota') {
    const { requestsADay, allowedADay, busiest } = event;
    const isTooMuch = requestsADay > allowedADay || busiest.requestsAMinute > busiest.allowedAMinute;
    return isTooMuch ? 'warn' : 'info';
  }
  if (event.kind !== 'poll-finished') return logEvents[event.kind].level;
  const { events, learnt, dropped, unreadableDates } = event.counts;
  if (unreadableDates > 0) return 'warn';
  const found = events.CREATED + events.UPDATED + events.DELETED + learnt + dropped['outside-window'];
  return found > 0 || !event.watermarkMoved ? 'info' : 'debug';
}
