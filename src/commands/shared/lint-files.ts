import { findFiles } from '../../input/find-files.ts';
import type { Input, UnreadableInput } from '../../input/input.ts';
import { isUnreadable, readInput } from '../../input/read-input.ts';
import { lintText, type LintedText, type LintOptions } from '../../lint/lint-text.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { Settings } from '../../settings/settings.ts';
import { rules } from '../../lint/rules/index.ts';
import type { Io } from '../../io.ts';
import { kindFrom, limitsFrom, severitiesFrom } from './options.ts';

/** Values of `inputOptions` and `ruleOptions`. */
export interface LintFilesOptions {
  readonly kind?: string | undefined;
  readonly config?: string | false | undefined;
  readonly 'stdin-filename'?: string | undefined;
  readonly 'max-bytes'?: number | undefined;
  readonly 'max-depth'?: number | undefined;
  readonly 'max-nodes'?: number | undefined;
  readonly rule?: readonly string[] | undefined;
}

export interface LintedFile {
  readonly input: Input;
  readonly linted: LintedText;
  /** With which it was linted, for another round after a fix. */
  readonly options: LintOptions;
}

export interface LintedFiles {
  readonly settings: Settings;
  readonly files: readonly LintedFile[];
  readonly unreadable: readonly UnreadableInput[];
}

/**
 * Reads and checks the named files, or those of the settings' `configs` where none is named: how every command that
 * works on configurations begins.
 *
 * @throws SagecfgError `usage` when there is nothing to read, `no-input` when a glob matches nothing, `settings`
 */
export async function lintFiles(
  names: readonly string[],
  options: LintFilesOptions,
  io: Io,
): Promise<LintedFiles> {
  const settings = readSettings({
    workingDirectory: io.workingDirectory,
    ...(options.config !== undefined && { config: options.config }),
  });
  const paths = await pathsOf(names, settings, io.workingDirectory);
  const limits = limitsFrom(options);
  const severities = severitiesFrom(
    settings.rules,
    options.rule,
    rules.map(({ id }) => id),
  );
  const kind = kindFrom(options.kind);
  const stdinName = options['stdin-filename'];

  const files: LintedFile[] = [];
  const unreadable: UnreadableInput[] = [];
  for (const path of paths) {
    const input = await readInput(path, {
      workingDirectory: io.workingDirectory,
      stdin: io.stdin,
      ...(stdinName !== undefined && { stdinName }),
      maxBytes: limits.maxBytes,
    });
    if (isUnreadable(input)) unreadable.push(input);
    else {
      const lintOptions = {
        limits,
        severities,
        ...syntaxOf(input),
        ...(kind && { kind }),
        findings: input.findings,
      };
      files.push({ input, linted: lintText(input.text, lintOptions), options: lintOptions });
    }
  }
  return { settings, files, unreadable };
}

async function pathsOf(
  names: readonly string[],
  settings: Settings,
  workingDirectory: string,
): Promise<readonly string[]> {
  if (names.length > 0) return findFiles(names, { from: workingDirectory, workingDirectory });
  if (settings.configs.length === 0) {
    throw new SagecfgError(
      'usage',
      'no file named: name files or globs, - for standard input, or set "configs" in sagecfg.yaml',
    );
  }
  return findFiles(settings.configs, { from: settings.folder, workingDirectory });
}

function syntaxOf({ name }: Input): Pick<LintOptions, 'syntax'> {
  if (/\.ya?ml$/i.test(name)) return { syntax: 'yaml' };
  return /\.jsonc?$/i.test(name) ? { syntax: 'json' } : {};
}

/** Says on standard error which files could not be read. */
export function reportUnreadable(unreadable: readonly UnreadableInput[], io: Io): void {
  for (const { name, reason } of unreadable)
    io.stderr.write(`sagecfg: cannot read ${JSON.stringify(name)}: ${reason}\n`);
}
