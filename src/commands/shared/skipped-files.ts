import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { LintedFiles, LintFilesOptions, SkippedFile } from './lint-files.ts';

/** A long list says no more than a number. */
const mostNamed = 10;

export function ignoringFrom(flags: {
  readonly ignore?: boolean | undefined;
  readonly 'ignore-pattern'?: readonly string[] | undefined;
}): NonNullable<LintFilesOptions['ignoring']> {
  return { readsFiles: flags.ignore !== false, patterns: flags['ignore-pattern'] ?? [] };
}

/** Says on standard error which files were left out, and what names them. */
export function reportSkipped(skipped: readonly SkippedFile[], io: Io): void {
  for (const { name, by } of skipped.slice(0, mostNamed))
    io.stderr.write(`sagecfg: skipped ${JSON.stringify(name)}: ${by} names it\n`);
  const more = skipped.length - mostNamed;
  if (more > 0) io.stderr.write(`sagecfg: skipped ${more} more\n`);
}

/**
 * True where every file was left out and that is well: a hook gets the files of a commit, whatever they are.
 *
 * @throws SagecfgError `no-input` where it is not
 */
export function isNothingLeft({ files, unreadable, skipped }: LintedFiles, { environment }: Io): boolean {
  if (files.length + unreadable.length > 0 || skipped.length === 0) return false;
  if (environment['PRE_COMMIT'] === '1') return true;
  throw new SagecfgError('no-input', 'every file is ignored, so nothing was checked; --no-ignore reads them');
}
