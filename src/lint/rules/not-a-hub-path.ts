import { findResource } from '../../catalog/sage-resource.ts';
import type { Leaf } from '../../model/model.ts';
import type { Fix, Range } from '../../problem/problem.ts';
import { hubPathOf } from '../hub-path.ts';
import type { PollUrl } from '../../template/poll-url.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'not-a-hub-path',
  severity: 'warning',
  summary: 'a URL that is no path of the hub',
  why: 'A poll asks the hub: the URL is `/hubs/HUB/RESOURCE`, without a host and without the base path of the platform. A short path, `/customers`, may work on the platform; for Sage it is an error, because `sagecfg run` cannot tell what it means, and for other elements an info.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /customers}\n',
      says: ['"/customers" is no path of the hub: expected "/hubs/finance/customers"'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers}\n',
    },
    {
      bad: "leads:\n  url: https://api.cloud-elements.com/elements/api-v2/hubs/crm/leads?where=changed>'${epoch}'\n",
      says: [
        '"https://api.cloud-elements.com/elements/api-v2/hubs/crm/leads" is no path of the hub: expected "/hubs/crm/leads"',
      ],
      good: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n",
    },
    {
      bad: 'leads:\n  url: hubs/crm/leads\n  idField: id\n',
      says: ['"hubs/crm/leads" is no path of the hub: expected "/hubs/crm/leads"'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: id\n',
    },
    {
      bad: 'leads:\n  url: /hub/crm/leads\n',
      says: ['"/hub/crm/leads" is no path of the hub: expected "/hubs/crm/leads"'],
      good: 'leads:\n  url: /hubs/crm/leads\n',
    },
    {
      bad: "leads:\n  url: /hubs/crm/leads ?where=changed>'${epoch}'\n",
      says: ['"/hubs/crm/leads " ends with a blank: expected none before the question mark'],
      good: "leads:\n  url: /hubs/crm/leads?where=changed>'${epoch}'\n",
    },
    {
      bad: 'pins:\n  url: /pins\n',
      says: ['"/pins" is no path of the hub: expected "/hubs/HUB/RESOURCE"'],
      good: 'pins:\n  url: /hubs/social/pins\n',
    },
    {
      bad: "contacts:\n  url: /hubs//crm/contacts?where=updated>'${epoch}'\n",
      says: ['"/hubs//crm/contacts" is no path of the hub: expected "/hubs/crm/contacts"'],
      good: "contacts:\n  url: /hubs/crm/contacts?where=updated>'${epoch}'\n",
    },
  ],
  *checkEntries({ elementKey, poller }) {
    for (const { url } of poller?.entries ?? []) {
      if (url !== undefined) yield* checkUrl(url, elementKey?.value === 'sageone');
    }
  },
} satisfies Rule;

/** With one of these the path is not what it seems. */
const pathFaults = new Set(['empty-url', 'missing-question-mark', 'unclosed-placeholder', 'trailing-junk']);

function* checkUrl(url: Leaf<string>, isSage: boolean): Iterable<RuleReport> {
  const parsed = pollUrlOf(url);
  const path = parsed.path.text.trim();
  const start = parsed.path.text.length - parsed.path.text.trimStart().length;
  const hasSlash = path.startsWith('/');
  if (parsed.faults.some(({ code }) => pathFaults.has(code)) || /[<{$]/.test(path) || path === '') return;
  if (hubPathOf(parsed) !== undefined && hasSlash) {
    yield* checkBlank(url, parsed);
    return;
  }
  // What may well be right can wait until the URL can be read.
  if (!isSage && parsed.faults.length > 0) return;
  const expected = hubPathFor(path, isSage);
  const span: Range = { start, end: start + path.length };
  yield {
    leaf: url,
    span,
    ...severityOf(isSage, expected?.isCertain === true || !hasSlash),
    message: `"${path}" is no path of the hub: expected "${expected?.path ?? '/hubs/HUB/RESOURCE'}"`,
    help: isSage
      ? 'Every resource of Sage is at /hubs/finance/RESOURCE. sagecfg run cannot tell what another path means.'
      : 'The platform may take a short path, too. Written out, it says which hub is asked.',
    ...(expected && { fix: fixOf(url, span, expected) }),
  };
}

/** Before the question mark; one at the edge of the whole URL is `url-whitespace`. */
function* checkBlank(url: Leaf<string>, { path, source }: PollUrl): Iterable<RuleReport> {
  const length = path.text.length - path.text.trimEnd().length;
  if (length === 0 || path.end === source.length) return;
  const span = { start: path.end - length, end: path.end };
  yield {
    leaf: url,
    span,
    message: `"${path.text}" ends with a blank: expected none before the question mark`,
    help: 'It is sent along as %20 and becomes a part of the name of the resource, which nobody has.',
    fix: { safe: true, title: 'remove it', edits: [url.editOf(span.start, span.end, '')] },
  };
}

function severityOf(isSage: boolean, isMistake: boolean): Pick<RuleReport, 'severity'> {
  if (isSage) return { severity: 'error' };
  return isMistake ? {} : { severity: 'info' };
}

interface Expected {
  readonly path: string;
  readonly isCertain: boolean;
}

function hubPathFor(path: string, isSage: boolean): Expected | undefined {
  const single = path.replaceAll(/\/{2,}/g, '/');
  if (single !== path && /^\/hubs\/[^/]+\/.+$/.test(single)) return { path: single, isCertain: true };
  const whole = /(?:^|\/)(hubs\/[^/]+\/.+)$/.exec(path)?.[1];
  if (whole !== undefined) return { path: `/${whole}`, isCertain: true };
  const misspelt = /^\/?(?:hub|hubss|hubz|hbus|husb|Hubs?|HUBS?)\/([^/]+\/.+)$/.exec(path)?.[1];
  if (misspelt !== undefined) return { path: `/hubs/${misspelt}`, isCertain: true };
  const name = /^\/?(?:finance\/)?([\w-]+)\/?$/.exec(path)?.[1];
  const isKnown = isSage && name !== undefined && findResource(name) !== undefined;
  return isKnown ? { path: `/hubs/finance/${name}`, isCertain: true } : undefined;
}

function fixOf(url: Leaf<string>, { start, end }: Range, { path, isCertain }: Expected): Fix {
  return { safe: isCertain, title: `write "${path}"`, edits: [url.editOf(start, end, path)] };
}
