import type { SourceFailure, SourceRecord } from '../../ports/source.ts';
import type { RecordedLine } from './recording.ts';

/** Reads a recording. Throws an error that names the first line that is none. */
export function readRecording(text: string): readonly RecordedLine[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const read = readLine(parse(line));
    if (typeof read !== 'string') return [read];
    throw new Error(`line ${index + 1} of the recording is none: expected ${read}`);
  });
}

const failureKinds: readonly SourceFailure['kind'][] = ['temporary', 'overloaded', 'lasting', 'reauthorise'];

/** The line, or what is missing. */
function readLine(value: unknown): RecordedLine | string {
  if (!isRecord(value)) return 'a JSON object';
  const { scan = 'changes', records, total, more, serverTime, failure } = value;
  if (scan !== 'changes' && scan !== 'deletions') return '"scan" to be "changes" or "deletions"';
  if (failure !== undefined) return readFailure(failure, scan);
  if (!Array.isArray(records) || !records.every(isRecord)) return '"records" to be a list of objects';
  if (serverTime !== undefined && !isTime(serverTime)) return '"serverTime" to be a time in ISO 8601';
  if (total !== undefined && (typeof total !== 'number' || !Number.isInteger(total)))
    return '"total" to be a whole number';
  if (more !== undefined && typeof more !== 'boolean') return '"more" to be true or false';
  const kept: readonly SourceRecord[] = records;
  return {
    scan,
    ...(serverTime !== undefined && { serverTime }),
    ...(total !== undefined && { total }),
    ...(more !== undefined && { more }),
    records: kept,
  };
}

function readFailure(failure: unknown, scan: RecordedLine['scan']): RecordedLine | string {
  const expected = `"failure" to have a "message" and a "kind" of ${failureKinds.join(', ')}`;
  if (!isRecord(failure)) return expected;
  const { message, retryAfterMs } = failure;
  const kind = failureKinds.find((each) => each === failure['kind']);
  if (kind === undefined || typeof message !== 'string') return expected;
  return { scan, failure: { kind, message, ...(typeof retryAfterMs === 'number' && { retryAfterMs }) } };
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Told by the caller: it is no JSON object.
    return undefined;
  }
}
