import type { Range } from '../problem/problem.ts';

/** A part of a URL that looks like something else than it is, and what it was meant to be. */
export interface OddPart extends Range {
  readonly written: string;
  readonly meant: string;
}

const htmlEscape = /&(?:amp|gt|lt|quot|apos|#0?39|#x27|#0?34|#x22|#x3[CE]);/gi;

/** `&gt;` and the like, which a URL copied from a web page or an XML file has. */
export function findHtmlEscapes(url: string): readonly OddPart[] {
  if (!url.includes(';')) return [];
  return [...url.matchAll(htmlEscape)].map(({ index: start, 0: written }) => ({
    start,
    end: start + written.length,
    written,
    meant: meaningOf(written.toLowerCase()),
  }));
}

function meaningOf(escape: string): string {
  if (escape === '&amp;') return '&';
  if (/&(?:gt|#x3e);/.test(escape)) return '>';
  if (/&(?:lt|#x3c);/.test(escape)) return '<';
  return /quot|34|22/.test(escape) ? '"' : "'";
}

const invisible = /[\u00A0\u202F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\uFEFF]+/g;

/** Characters of no width, and blanks that are none to a program. Not at the edges, where they count as blanks. */
export function findInvisible(url: string): readonly OddPart[] {
  if (!/[^\0-\u009F]/.test(url)) return [];
  const from = url.length - url.trimStart().length;
  const to = url.trimEnd().length;
  return [...url.matchAll(invisible)]
    .map(({ index: start, 0: written }) => ({
      start,
      end: start + written.length,
      written,
      meant: /[\u00A0\u202F\u2028\u2029]/.test(written) ? ' ' : '',
    }))
    .filter(({ start, end }) => start >= from && end <= to && !isInValue(url, start));
}

/** A name of a customer may well hold such a blank. */
function isInValue(url: string, at: number): boolean {
  return (
    url
      .slice(0, at)
      .replaceAll(/\$\{[^}]*\}/g, '')
      .split("'").length %
      2 ===
    0
  );
}

/** Quotes around the whole URL, within those of the file: `'"/hubs/…"'`. The last one is missing now and then. */
export function findOuterQuotes(url: string): readonly OddPart[] {
  const quote = /^\s*(["'`])\//.exec(url)?.[1];
  if (quote === undefined) return [];
  const first = url.indexOf(quote);
  const last = url.trimEnd().length - 1;
  const inner = url.slice(first + 1, last).replaceAll(/\$\{[^}]*\}/g, '');
  const isClosed = url[last] === quote && last > first && inner.split(quote).length % 2 === 1;
  const part = (start: number): OddPart => ({ start, end: start + 1, written: quote, meant: '' });
  return isClosed ? [part(first), part(last)] : [part(first)];
}

/** The URL as it was meant, of the same length, so that nothing else is said of what only looks odd. */
export function readableUrl(url: string): string {
  let text = '';
  let at = 0;
  const odd = [...findOuterQuotes(url), ...findHtmlEscapes(url)];
  for (const { start, end, meant } of odd.sort((left, right) => left.start - right.start)) {
    const isOpening = /["']/.test(meant) && !/^(?:[\s),&]|$)/.test(url.slice(end));
    const padded = isOpening ? meant.padEnd(end - start) : meant.padStart(end - start);
    text += url.slice(at, start) + padded;
    at = end;
  }
  return at === 0 ? url : text + url.slice(at);
}
