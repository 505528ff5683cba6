import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { GrantSummary } from '../../runtime/ports/grant-store.ts';
import { shellWord } from './shell-word.ts';
import { visibleText } from '../../report/visible-text.ts';

/** How an instance stands with Sage. `ends-soon` is good still. */
export interface GrantStatus {
  readonly instance: string;
  readonly state: 'authorised' | 'ends-soon' | 'ended' | 'begins-with-file' | 'missing';
  /** ISO time at which the grant idles out; null where the server did not say, or there is none. */
  readonly idlesOutAt: string | null;
  readonly reason: string | null;
  /** Whether one of the files names the instance. */
  readonly isNamed: boolean;
}

const dayMs = 86_400_000;
/** A week is time enough for a person to do something about it. */
const soonMs = 7 * dayMs;

/** The instances of the files in their order, then those that only the state knows. */
export function grantStatuses(
  named: readonly { readonly id: string; readonly hasFileToken: boolean }[],
  grants: readonly GrantSummary[],
  nowMs: number,
): readonly GrantStatus[] {
  const byId = new Map(grants.map((grant) => [grant.instanceId, grant]));
  const ids = new Set(named.map(({ id }) => id));
  return [
    ...named.map(({ id, hasFileToken }) =>
      statusOf(id, { grant: byId.get(id), hasFileToken, isNamed: true, nowMs }),
    ),
    ...grants
      .filter(({ instanceId }) => !ids.has(instanceId))
      .map((grant) => statusOf(grant.instanceId, { grant, hasFileToken: false, isNamed: false, nowMs })),
  ];
}

function statusOf(
  instance: string,
  {
    grant,
    hasFileToken,
    isNamed,
    nowMs,
  }: {
    readonly grant: GrantSummary | undefined;
    readonly hasFileToken: boolean;
    readonly isNamed: boolean;
    readonly nowMs: number;
  },
): GrantStatus {
  const endMs = grant?.refreshExpiresMs;
  const [state, reason] = stateOf(grant, { hasFileToken, nowMs });
  const idlesOutAt = endMs === undefined ? null : new Date(endMs).toISOString();
  return { instance, state, idlesOutAt, reason, isNamed };
}

function stateOf(
  grant: GrantSummary | undefined,
  { hasFileToken, nowMs }: { readonly hasFileToken: boolean; readonly nowMs: number },
): readonly [state: GrantStatus['state'], reason: string | null] {
  if (grant === undefined) return [hasFileToken ? 'begins-with-file' : 'missing', null];
  const { deadReason, refreshExpiresMs: endMs } = grant;
  if (deadReason !== undefined) return ['ended', deadReason];
  if (endMs === undefined) return ['authorised', null];
  if (endMs <= nowMs) return ['ended', 'it was not used for 31 days'];
  return [endMs - nowMs < soonMs ? 'ends-soon' : 'authorised', null];
}

/** Whether somebody has to do something before `run` can work on it. */
export function needsAuthorisation({ state, isNamed }: GrantStatus): boolean {
  return isNamed && (state === 'ended' || state === 'missing');
}

/** One line an instance, with what to do. */
export function renderStatuses(statuses: readonly GrantStatus[], nowMs: number): string {
  const width = Math.max(0, ...statuses.map(({ instance }) => instance.length));
  return statuses
    .map((status) => `${visibleText(status.instance).padEnd(width)}  ${sentenceOf(status, nowMs)}\n`)
    .join('');
}

function sentenceOf(status: GrantStatus, nowMs: number): string {
  const { instance, state, idlesOutAt, reason, isNamed } = status;
  const next = isNamed ? `: sagecfg auth --instance ${shellWord(instance)}` : '';
  const unnamed = isNamed ? '' : '; no file names it';
  switch (state) {
    case 'authorised':
      return `authorised${idleOutClause(idlesOutAt, nowMs)}${unnamed}`;
    case 'ends-soon':
      return `authorised, but soon no more${idleOutClause(idlesOutAt, nowMs)}${unnamed}`;
    case 'ended':
      return `ended, ${reason ?? 'nobody knows why'}${unnamed}${next}`;
    case 'begins-with-file':
      return "not yet used: the first run begins with 'oauth.user.refresh_token' of the file";
    case 'missing':
      return `not authorised${next}`;
    default:
      throw new SagecfgError('state', `unknown state of a grant: ${JSON.stringify(state satisfies never)}`);
  }
}

function idleOutClause(idlesOutAt: string | null, nowMs: number): string {
  if (idlesOutAt === null) return '';
  const days = Math.floor((Date.parse(idlesOutAt) - nowMs) / dayMs);
  const left = days === 0 ? 'within a day' : days === 1 ? 'in a day' : `in ${days} days`;
  return `; idles out on ${idlesOutAt.slice(0, 10)}, ${left}, unless it is used before`;
}
