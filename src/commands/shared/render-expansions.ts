import type { Paint } from '../../report/paint.ts';
import { visibleText } from '../../report/visible-text.ts';
import type { ExpandedPiece } from '../../template/expand-url.ts';
import { explainExpansion } from './explain-expansion.ts';
import type { BrokenUrl, ExpandedResource, ExpandTimes } from './expand-file.ts';
import { formatInstant } from './parse-instant.ts';

/** For people: a heading for each instance, then its resources. */
export function expansionsToText(
  expanded: readonly ExpandedResource[],
  { explains, style }: { readonly explains: boolean; readonly style: Paint },
): string {
  const blocks: string[] = [];
  let heading = '';
  for (const resource of expanded) {
    const next = headingOf(resource, style);
    if (next !== heading) blocks.push(next);
    heading = next;
    blocks.push(blockOf(resource, explains, style));
  }
  return blocks.join('\n');
}

function headingOf({ file, instance, lastPollMs, assumedMinutes }: ExpandedResource, style: Paint): string {
  const source =
    assumedMinutes === undefined ? '' : ` (assumed: ${assumedMinutes} minutes ago; --since sets it)`;
  return `${style.strong(visibleText(`${file}: ${instance}`))}, last poll ${formatInstant(lastPollMs)}${source}\n`;
}

function blockOf(expanded: ExpandedResource, explains: boolean, style: Paint): string {
  const { resource, line, expansion, sage, lastPollMs } = expanded;
  const rows =
    sage === undefined
      ? [`  expanded  ${expansion.expanded}`, `  encoded   ${expansion.encoded}`]
      : sageRows(expanded, explains);
  const lines = [
    `  written   ${expansion.url}`,
    ...rows,
    ...(explains ? explainExpansion(expansion, lastPollMs) : []),
  ];
  const head = `${style.strong(visibleText(resource))} ${style.faint(`line ${line}`)}`;
  return [head, ...lines.map(visibleText), ''].join('\n');
}

function sageRows({ sage, resource }: ExpandedResource, explains: boolean): readonly string[] {
  if (sage === undefined) return [];
  const deletions =
    sage.blindness === undefined ? [] : [`  deletions of ${resource} are not seen: ${sage.blindness}`];
  return [
    ...sage.requests.flatMap(({ kind, readable, encoded }) => [
      `  ${kind.padEnd(9)} GET ${readable}`,
      `  encoded   GET ${encoded}`,
    ]),
    ...sage.faults.map(({ message }) => `  note      ${message}`),
    ...(explains ? [...deletions, overlapNote] : []),
  ];
}

const overlapNote =
  '  overlap   run begins earlier still, by runtime.overlapSeconds, for what becomes visible late';

/** For programs: `formatVersion` 1.0; times are ISO 8601 in UTC, offsets are those of the URL as written. */
export function expansionsToJson(
  expanded: readonly ExpandedResource[],
  broken: readonly BrokenUrl[],
  { nowMs, zone }: ExpandTimes,
): string {
  const document = {
    formatVersion: '1.0',
    now: formatInstant(nowMs),
    zone,
    urls: expanded.map(toJson),
    broken,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function toJson({ expansion, sage, lastPollMs, assumedMinutes, ...where }: ExpandedResource): object {
  const { url, expanded, encoded, sinceMs, pollDelaySeconds, pieces } = expansion;
  return {
    ...where,
    lastPoll: formatInstant(lastPollMs),
    isLastPollAssumed: assumedMinutes !== undefined,
    since: formatInstant(sinceMs),
    pollDelaySeconds,
    written: url,
    expanded,
    encoded,
    pieces: pieces.map(pieceToJson),
    ...(sage && { requests: sage.requests, notes: sage.faults.map(({ message }) => message) }),
  };
}

function pieceToJson(piece: ExpandedPiece): object {
  const { kind, source, text, start, end } = piece;
  if (piece.kind !== 'template') return { kind, source, text, start, end };
  const { epochMs, meaning, zone, pattern, explained } = piece;
  return {
    kind,
    source,
    text,
    start,
    end,
    meaning,
    instant: formatInstant(epochMs),
    zone: zone?.name,
    pattern,
    parts: explained,
  };
}
