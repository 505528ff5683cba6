import type { ConfigurationLeaf } from '../../model/model.ts';
import type { Range } from '../../problem/problem.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'invalid-callback',
  severity: 'error',
  summary: 'a callback URL that nothing can be sent to',
  why: 'Events go to an absolute https URL. One with a wrong scheme, without a host or with a blank inside is refused, or every delivery fails after the change was already found. A name and password in the URL end up in logs: they have keys of their own. What follows a # is never sent.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https;//app.example.com/events\n',
      says: ['"https;//" is no scheme: expected "https://"'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: app.example.com/events\n',
      says: ['"app.example.com/events" is not absolute: expected it to begin with "https://"'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: "https://app.example.com/events "\n',
      says: ['the callback URL has a blank at its edge: expected none'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: "https://app.example.com/events"\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://hook:pass-1234@app.example.com/events\n',
      says: ['the callback URL holds a name and password: expected them in keys of their own'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/#/events\n',
      says: ['"#/events" is never sent: expected a URL without a fragment'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events, https://other.example.com\n',
      says: ['the callback URL is two URLs: expected one'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.callback.url: https://app.example.com/events\n',
    },
  ],
  check({ configuration }) {
    const url = configuration.get('event.notification.callback.url');
    const value = String(url?.value ?? '');
    // None at all is `missing-callback`; "false" is how some vendor definitions say none.
    if (url === undefined || ['', 'false', 'null'].includes(value.trim()) || /\$\{(?:env|file):/.test(value))
      return [];
    const report = describe(value);
    return report === undefined ? [] : [toReport(url, report)];
  },
} satisfies Rule;

interface Fault extends Pick<RuleReport, 'severity' | 'message' | 'help'> {
  readonly span: Range;
  /** What to write in place of the span. */
  readonly instead?: string;
  readonly isSafe?: boolean;
}

function toReport(leaf: ConfigurationLeaf, { instead, isSafe = false, span, ...report }: Fault): RuleReport {
  const title = instead === '' ? 'remove it' : `write "${instead}"`;
  const edits = [leaf.editOf(span.start, span.end, instead ?? '')];
  return { leaf, span, ...report, ...(instead !== undefined && { fix: { safe: isSafe, title, edits } }) };
}

/** As nearly all are: nothing can be wrong with one, and to parse it takes ten times as long. */
const ordinary = /^https:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}(?:\/[\w.~-]+)*\/?$/;

function describe(value: string): Fault | undefined {
  if (ordinary.test(value)) return undefined;
  return checkScheme(value) ?? checkSecond(value) ?? checkBlanks(value) ?? checkParts(value);
}

/** What a hurried hand makes of `https://`. */
const brokenScheme = /^\s*h?t?tt?p?(?<secure>s)?(?:[:;.,]?\/{1,3}|[:;.,]{1,2}\/{0,3}|:\\\\)(?=[\w[])/i;

function checkScheme(value: string): Fault | undefined {
  if (/^\s*https?:\/\/[^/]/i.test(value)) return undefined;
  const broken = /^\s*h/i.test(value) ? brokenScheme.exec(value) : null;
  if (broken !== null) {
    const instead = broken.groups?.['secure'] === undefined ? 'http://' : 'https://';
    const span = { start: 0, end: broken[0].length };
    const message = `"${broken[0]}" is no scheme: expected "${instead}"`;
    return { span, message, help: unreachable, instead, isSafe: instead === 'https://' };
  }
  const span = { start: 0, end: value.length };
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1];
  if (/^https?$/i.test(scheme ?? '')) {
    return { span, message: 'the callback URL has no host: expected "https://HOST/PATH"', help: unreachable };
  }
  if (scheme !== undefined) {
    const message = `events cannot be sent over "${scheme}": expected "https://"`;
    return { span: { start: 0, end: scheme.length }, message, help: unreachable };
  }
  const isHost = /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?]\S*)?$/i.test(value);
  const shown = value.includes('@') ? 'the callback URL' : JSON.stringify(value);
  const message = `${shown} is not absolute: expected it to begin with "https://"`;
  if (!isHost) return { span, message, help: unreachable };
  return { span: { start: 0, end: 0 }, message, help: unreachable, instead: 'https://' };
}

const unreachable = 'No event can be delivered there. Name the https URL of your receiver, with its host.';

function checkSecond(value: string): Fault | undefined {
  const second = /[\s,;|]+https?:\/\//i.exec(value);
  if (second === null) return undefined;
  const message = 'the callback URL is two URLs: expected one';
  const help = 'Events go to one URL. A receiver of yours can hand them on to several.';
  return { span: { start: second.index, end: value.length }, message, help };
}

function checkBlanks(value: string): Fault | undefined {
  const edge = /^\s+|\s+$/.exec(value);
  if (edge !== null) {
    const span = { start: edge.index, end: edge.index + edge[0].length };
    const message = 'the callback URL has a blank at its edge: expected none';
    const help = 'Some programs cut it off and some send it along; the receiver then answers 404.';
    return { severity: 'warning', span, message, help, instead: '', isSafe: true };
  }
  const inner = /\s+/.exec(value);
  if (inner === null) return undefined;
  const message = 'the callback URL has a blank inside: expected "%20", or none';
  return { span: { start: inner.index, end: inner.index + inner[0].length }, message, help: unreachable };
}

function checkParts(value: string): Fault | undefined {
  const url = URL.parse(value);
  if (url === null) {
    const message = `${JSON.stringify(value)} is not a URL: expected "https://HOST/PATH"`;
    return { span: { start: 0, end: value.length }, message, help: unreachable };
  }
  if (/^https?$/.test(url.hostname)) {
    const end = value.indexOf('//') + 2;
    const message = 'the callback URL has two schemes: expected one';
    return { span: { start: 0, end }, message, help: unreachable, instead: '', isSafe: true };
  }
  if (url.username !== '' || url.password !== '') {
    const start = value.indexOf('//') + 2;
    const message = 'the callback URL holds a name and password: expected them in keys of their own';
    const help =
      'URLs are logged everywhere. Use event.notification.basic.username and event.notification.basic.password.';
    return { severity: 'warning', span: { start, end: value.indexOf('@') + 1 }, message, help };
  }
  const hash = value.indexOf('#');
  if (hash === -1) return undefined;
  const message = `${JSON.stringify(value.slice(hash))} is never sent: expected a URL without a fragment`;
  const help = 'The part behind # stays in the sender, so the receiver sees another path than this one.';
  return { severity: 'warning', span: { start: hash, end: value.length }, message, help };
}
