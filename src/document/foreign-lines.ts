import type { Finding } from '../problem/problem.ts';

type Foreign = Pick<Finding, 'message' | 'help' | 'range' | 'fix'>;

/** Lines of a tool around the text, which no reader of the text can make sense of. */
export function findForeignLine(text: string): Foreign | undefined {
  return findConflictMarker(text) ?? findFence(text);
}

/** What Git leaves in a file that two branches have changed. */
function findConflictMarker(text: string): Foreign | undefined {
  const marker = /^(?:<{7}|>{7}|\|{7}) .*$|^={7}$/m.exec(text);
  if (marker === null || !/^<{7} /m.test(text)) return undefined;
  return {
    message: `${JSON.stringify(marker[0].slice(0, 7))} is a conflict marker of Git: expected one of the two versions`,
    help: 'Keep what is right of the two, and remove the three lines with markers.',
    range: { start: marker.index, end: marker.index + marker[0].trimEnd().length },
  };
}

/** The fence of Markdown around a block that was copied from a chat or a page. */
function findFence(text: string): Foreign | undefined {
  const open = /^\s*(?<fence>```+|~~~+)[^\S\n]*\w*[^\S\n]*(?:\n|$)/.exec(text);
  const fence = open?.groups?.['fence'];
  if (open === null || fence === undefined) return undefined;
  const start = text.indexOf(fence);
  const close = text.lastIndexOf(`\n${fence}`);
  const isClosed = close > start && text.slice(close).trim() === fence;
  const edits = [
    { range: { start: 0, end: open[0].length }, text: '' },
    ...(isClosed ? [{ range: { start: close + 1, end: text.length }, text: '' }] : []),
  ];
  return {
    message: `"${fence}" is a fence of Markdown: expected the text alone`,
    help: 'It belongs to the page that the text was copied from.',
    range: { start, end: start + fence.length },
    fix: { safe: true, title: 'remove the fence', edits },
  };
}
