import { SagecfgError } from '../problem/sagecfg-error.ts';

/**
 * Places where a test can kill the process, as `kill -9` would: `SAGECFG_CRASH_AT=NAME`, or `NAME:3` for the third time
 * that the place is reached.
 */
export const crashPoints = {
  'poll-before-commit': 'a page was read and decided on, nothing of it is written',
  'poll-inside-commit': 'ledger, events and checkpoint are written, the transaction is open',
  'poll-after-commit': 'a page is committed, the next not asked for',
  'poll-inside-watermark-commit':
    'the last page of a scan is written with its watermark, the transaction is open',
  'grant-before-commit': 'Sage has answered a refresh, the new pair is not stored: this grant is lost',
  'grant-after-commit': 'the new pair is stored, not used',
  'outbox-after-group': 'events are grouped into notifications, none is sent',
  'delivery-before-send': 'a notification is about to be sent',
  'delivery-before-commit': 'the receiver has accepted a notification, that is not written',
  'delivery-after-commit': 'the receiver has accepted a notification, and that is written',
} as const;

export type CrashPoint = keyof typeof crashPoints;

/** Called at each crash point; returns, unless this is where the process is to die. */
export type Crash = (point: CrashPoint) => void;

/** Reads `SAGECFG_CRASH_AT`; without it, nothing ever crashes. */
export function parseCrashPoint(text: string | undefined): Crash {
  if (text === undefined || text === '') return () => undefined;
  const [name = '', count = '1'] = text.split(':');
  if (!Object.hasOwn(crashPoints, name) || !/^[1-9]\d*$/.test(count)) {
    const known = Object.keys(crashPoints).join(', ');
    throw new SagecfgError(
      'usage',
      `SAGECFG_CRASH_AT is '${text}', expected NAME or NAME:COUNT with one of ${known}`,
    );
  }
  let left = Number(count);
  return (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
