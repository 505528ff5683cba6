import type { ExpandedPiece } from '../../template/expand-url.ts';
import { describeUrl } from './describe-url.ts';
import type { EntryExpansion } from './expand-entry.ts';
import { formatInstant } from './parse-instant.ts';

type FilledPiece = Extract<ExpandedPiece, { kind: 'template' }>;

/** Lines that say in plain words what a URL asks for and how each part of its dates came about. */
export function explainExpansion(expansion: EntryExpansion, lastPollMs: number): readonly string[] {
  const [what, ...rest] = describeUrl(expansion);
  const templates = expansion.pieces.filter((piece) => piece.kind === 'template');
  return [
    `  asks for  ${what}`,
    ...rest.map((line) => `            ${line}`),
    ...explainDelay(expansion, lastPollMs),
    ...templates.flatMap((piece) => ['', ...explainTemplate(piece)]),
  ];
}

function explainDelay({ pollDelaySeconds, sinceMs }: EntryExpansion, lastPollMs: number): readonly string[] {
  if (pollDelaySeconds === 0) return [];
  const times = `${formatInstant(lastPollMs)} less ${pollDelaySeconds} s is ${formatInstant(sinceMs)}`;
  return [`  pollDelay ${pollDelaySeconds} s are taken off the time of the last poll: ${times}`];
}

function explainTemplate(piece: FilledPiece): readonly string[] {
  const { source, text, zone, explained, meaning, epochMs } = piece;
  const where = zone === undefined || meaning.includes(zone.name) ? '' : ` (${zone.name})`;
  const moment = text === formatInstant(epochMs) ? '' : `: ${formatInstant(epochMs)}`;
  const head = [`  ${source} → ${text}`, `    ${meaning}${where}${moment}`];
  const parts = explained.map((part) => ({
    ...part,
    source: visible(part.source),
    text: visible(part.text),
  }));
  const sourceWidth = Math.max(0, ...parts.map((part) => part.source.length));
  const textWidth = Math.max(0, ...parts.map((part) => part.text.length));
  const rows = parts.map(
    (part) => `    ${part.source.padEnd(sourceWidth)} → ${part.text.padEnd(textWidth)}   ${part.meaning}`,
  );
  return [...head, ...rows];
}

/** Blanks alone would look like nothing. */
function visible(text: string): string {
  return text.trim() === '' ? `"${text}"` : text;
}
