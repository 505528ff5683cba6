import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { Generator, GeneratorFile } from './generator.ts';
import type { GeneratorData } from './generator-data.ts';
import { refusalOfPath } from './output-path.ts';

/** A file that is to be written. */
export interface PlannedFile {
  /** Below the output folder, with `/`; known to be harmless. */
  readonly path: string;
  readonly text: string;
  /** Left alone where it is there already. */
  readonly isKept: boolean;
}

/**
 * Everything that a generator would write, before anything is written.
 *
 * @throws SagecfgError `usage` for a path that leads anywhere else, two files on one path, an unknown format
 */
export function planFiles(
  generator: Generator,
  data: GeneratorData,
  format: string | undefined,
): readonly PlannedFile[] {
  const planned = filesOf(generator, format).flatMap((file) =>
    contextsOf(file, data).map((context) => planFile(generator, file, context)),
  );
  refuseTwice(generator, planned);
  return planned;
}

function filesOf({ name, files }: Generator, format: string | undefined): readonly GeneratorFile[] {
  const formats = [...new Set(files.flatMap((file) => file.format ?? []))];
  if (format !== undefined && !formats.includes(format)) {
    const hint = formats.length === 0 ? 'it has only one' : `expected one of ${formats.join(', ')}`;
    throw new SagecfgError(
      'usage',
      `--format: generator "${name}" has no format ${JSON.stringify(format)}: ${hint}`,
    );
  }
  const wanted = format ?? formats[0];
  return files.filter((file) => file.format === undefined || file.format === wanted);
}

/** What is written for each item sees the item, and all the data besides as `all`. */
function contextsOf({ each }: GeneratorFile, data: GeneratorData): readonly object[] {
  return each === undefined ? [data] : data[each].map((item) => ({ ...item, all: data }));
}

function planFile({ name }: Generator, file: GeneratorFile, context: object): PlannedFile {
  const path = file.renderPath(context);
  const refusal = refusalOfPath(path);
  if (refusal !== undefined)
    throw new SagecfgError('usage', `generator "${name}" wants to write ${JSON.stringify(path)}: ${refusal}`);
  return { path, text: file.render(context), isKept: file.isKept };
}

/** Some file systems take upper and lower case, and letters with their accents apart, for the same. */
function refuseTwice({ name }: Generator, planned: readonly PlannedFile[]): void {
  const seen = new Map<string, string>();
  for (const { path } of planned) {
    const identity = path.normalize('NFC').toLowerCase();
    const other = seen.get(identity);
    if (other !== undefined)
      throw new SagecfgError(
        'usage',
        `generator "${name}" writes two files on one path: ${JSON.stringify(other)} and ${JSON.stringify(path)}`,
      );
    seen.set(identity, path);
  }
}
