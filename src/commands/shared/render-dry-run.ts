import type { DryDecision, DryNotification } from '../../runtime/dry-run/dry-run.ts';
import type { DryOutcome, DryPoll } from './run-dry.ts';

export function renderDryRun(outcome: DryOutcome, format: 'text' | 'json'): string {
  return format === 'json' ? `${JSON.stringify(toJson(outcome), undefined, 2)}\n` : renderText(outcome);
}

function toJson({ polls, notifications }: DryOutcome): unknown {
  return {
    formatVersion: '1.0',
    polls: polls.map(({ requests, decisions, ...poll }) => ({
      ...poll,
      isAsked: requests.every(({ isSent }) => isSent),
      requests: requests.map(({ url }) => url),
      decisions: decisions.map(({ instance: _instance, resource: _resource, ...decision }) => decision),
    })),
    notifications: notifications.map(({ body, ...notification }) => ({
      ...notification,
      bytes: body.length,
      body: JSON.parse(Buffer.from(body).toString()) as unknown, // our own
    })),
  };
}

function renderText({ polls, notifications }: DryOutcome): string {
  const isAsked = polls.every(({ requests }) => requests.every(({ isSent }) => isSent));
  const lines = [
    ...polls.flatMap(renderPoll),
    ...notifications.map(renderNotification),
    ...(notifications.length === 0 ? ['no notification would be sent'] : []),
    ...(isAsked ? [] : ['', notAsked]),
    '',
    'dry run: nothing was sent to a receiver, and nothing was written',
  ];
  return `${lines.join('\n')}\n`;
}

const notAsked = `Requests marked with ? were not sent: the access token has run out, and Sage takes each refresh token once, so a
refresh would use up the grant. For the five minutes after a refresh, of a running sagecfg run too, a dry run can read.`;

/** More than a person reads; -f json has all. */
const mostDecisions = 20;

function renderPoll(poll: DryPoll): readonly string[] {
  const { instance, resource, isBackfill, requests, decisions, failure } = poll;
  const shown = decisions.slice(0, mostDecisions);
  const more = decisions.length - shown.length;
  const isAsked = requests.every(({ isSent }) => isSent);
  return [
    `${instance}/${resource}${isBackfill ? '  backfill' : ''}`,
    ...requests.map(({ url, isSent }) => `  ${isSent ? ' ' : '?'} GET ${url}`),
    ...(failure === undefined ? [] : [`    failed: ${failure}`]),
    ...(failure === undefined && isAsked ? [`    ${describeRead(poll)}`] : []),
    ...shown.map(renderDecision),
    ...(more > 0 ? [`    and ${more} more; -f json has all`] : []),
    '',
  ];
}

function describeRead({ decisions, requests }: DryPoll): string {
  const events = decisions.filter(({ outcome }) => outcome !== 'dropped' && outcome !== 'learnt').length;
  return `${count(decisions.length, 'record')} read with ${count(requests.length, 'request')}, ${count(events, 'event')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function renderDecision({ outcome, objectId, reason }: DryDecision): string {
  return `    ${outcome.padEnd(7)}  ${objectId}  ${reason}`;
}

function renderNotification({ url, isSigned, body }: DryNotification): string {
  return `POST ${url}  ${body.length} bytes${isSigned ? ', signed' : ''}`;
}
