import { readFileSync } from 'node:fs';
import type { PollPlan } from '../../poll-plan.ts';
import type { DeletionSight, PageRequest, PageResult, ScanKind, Source } from '../../ports/source.ts';
import { readRecording } from './read-recording.ts';
import type { RecordedLine } from './recording.ts';
import { recordingFile } from './recording.ts';
import { deletionSightOf } from './sage-list-request.ts';

/**
 * Pages from files, in the order in which they were written: each scan takes the next one of its kind, and after the last
 * there is nothing new. What a scan asks for, since when and how many, does not matter.
 */
export function openRecordedSource(folder: string): Source {
  const recordings = new Map<string, readonly RecordedLine[]>();
  /** By poll and kind: the line that the next scan begins with. */
  const starts = new Map<string, number>();
  /** Failures that were told: the next try finds what came after them. */
  const told = new Set<RecordedLine>();
  const linesOf = (poll: PollPlan): readonly RecordedLine[] => {
    const known = recordings.get(poll.key) ?? readRecording(readText(folder, poll));
    recordings.set(poll.key, known);
    return known;
  };
  return {
    refusal: (poll) => refusalOf(() => linesOf(poll)),
    deletionSight: (poll) => sightOf(poll, linesOf(poll)),
    readPage: async (page, signal) => {
      if (signal.aborted) return { kind: 'aborted' };
      const lines = linesOf(page.poll);
      const startKey = `${page.poll.key} ${page.kind}`;
      const at = page.cursor === undefined ? (starts.get(startKey) ?? 0) : Number(page.cursor);
      const index = lines.findIndex(
        (line, place) => place >= at && line.scan === page.kind && !told.has(line),
      );
      const line = lines[index];
      if (line !== undefined && 'failure' in line) told.add(line);
      if (page.cursor === undefined) starts.set(startKey, endOfScan(lines, index, page));
      return line === undefined ? nothingNew(lines, page.kind) : answerOf(line, index);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function readText(folder: string, poll: PollPlan): string {
  const file = recordingFile(folder, poll);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`there is no recording ${file}`, { cause });
  }
}

function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What was recorded tells how deletions were seen. */
function sightOf(poll: PollPlan, lines: readonly RecordedLine[]): DeletionSight {
  if (lines.some(({ scan }) => scan === 'deletions')) return { kind: 'scan', dateField: 'deleted_at' };
  const sight = deletionSightOf(poll);
  if (sight.kind === 'flag') return sight;
  return { kind: 'blind', why: 'the recording has no scan of deletions' };
}

/** The line after the scan that begins at that one, so that a scan which starts over goes on with the next. */
function endOfScan(lines: readonly RecordedLine[], start: number, { kind }: PageRequest): number {
  if (start === -1) return lines.length;
  const last = lines.findIndex((line, place) => place >= start && line.scan === kind && !hasMore(line));
  return last === -1 ? lines.length : last + 1;
}

function hasMore(line: RecordedLine): boolean {
  return 'records' in line && line.more === true;
}

function nothingNew(lines: readonly RecordedLine[], kind: ScanKind): PageResult {
  const serverTimeMs = timeOf(lines.findLast((line) => line.scan === kind && 'records' in line));
  return { kind: 'page', page: { records: [], total: 0, next: undefined, serverTimeMs } };
}

function answerOf(line: RecordedLine, index: number): PageResult {
  if ('failure' in line) return { kind: 'failed', failure: line.failure };
  const { records, total } = line;
  const next = hasMore(line) ? String(index + 1) : undefined;
  return { kind: 'page', page: { records, total, next, serverTimeMs: timeOf(line) } };
}

function timeOf(line: RecordedLine | undefined): number | undefined {
  const serverTime = line !== undefined && 'records' in line ? line.serverTime : undefined;
  return serverTime === undefined ? undefined : Date.parse(serverTime);
}
