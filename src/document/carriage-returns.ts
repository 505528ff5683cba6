import type { Finding } from '../problem/problem.ts';

/** Line ends as Macs had them before 2001. YAML allows them, and hardly any program reads them: all is one line. */
export function findCarriageReturns(text: string): Finding | undefined {
  const first = text.includes('\n') ? -1 : text.indexOf('\r');
  if (first === -1) return undefined;
  const edits = [...text.matchAll(/\r/g)].map(({ index }) => ({
    range: { start: index, end: index + 1 },
    text: '\n',
  }));
  return {
    rule: 'syntax',
    message: 'the lines end with a carriage return alone: expected a line feed',
    help: 'Most programs take the whole text for one line then. Set the line ends in the editor to LF.',
    range: { start: first, end: first + 1 },
    pointer: '',
    fix: { safe: true, title: 'write line feeds', edits },
  };
}
