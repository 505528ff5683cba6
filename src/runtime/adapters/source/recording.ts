import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PollPlan } from '../../poll-plan.ts';
import { makePrivateFile, makePrivateFolder } from '../../private-files.ts';
import type {
  PageRequest,
  PageResult,
  ScanKind,
  Source,
  SourceFailure,
  SourceRecord,
} from '../../ports/source.ts';

/**
 * One line of a recording: what a source answered to one request. `more` is true where another page of the same scan
 * follows.
 */
export type RecordedLine =
  | {
      readonly scan: ScanKind;
      readonly serverTime?: string;
      readonly total?: number;
      readonly more?: boolean;
      readonly records: readonly SourceRecord[];
    }
  | { readonly scan: ScanKind; readonly failure: SourceFailure };

/** `FOLDER/INSTANCE/RESOURCE.ndjson`; what a file name cannot hold is percent-encoded. */
export function recordingFile(folder: string, { instanceId, resource }: PollPlan): string {
  return join(folder, fileName(instanceId), `${fileName(resource)}.ndjson`);
}

function fileName(text: string): string {
  return encodeURIComponent(text).replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'));
}

/** Reads as the source does, and writes down what it answers: the records as they are, no token and no address. */
export function recordSource(source: Source, folder: string): Source {
  return {
    ...source,
    readPage: async (page, signal) => {
      const result = await source.readPage(page, signal);
      const line = lineOf(page, result);
      if (line !== undefined) await append(recordingFile(folder, page.poll), line);
      return result;
    },
  };
}

function lineOf({ kind: scan }: PageRequest, result: PageResult): RecordedLine | undefined {
  if (result.kind === 'aborted') return undefined;
  if (result.kind === 'failed') return { scan, failure: result.failure };
  const { records, total, next, serverTimeMs } = result.page;
  return {
    scan,
    ...(serverTimeMs !== undefined && { serverTime: new Date(serverTimeMs).toISOString() }),
    ...(total !== undefined && { total }),
    ...(next !== undefined && { more: true }),
    records,
  };
}

async function append(file: string, line: RecordedLine): Promise<void> {
  makePrivateFolder(join(file, '..'));
  makePrivateFile(file);
  await appendFile(file, `${JSON.stringify(line)}\n`);
}
