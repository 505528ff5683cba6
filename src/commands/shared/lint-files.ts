import { resolve } from 'node:path';
import type { Limits } from '../../document/limits.ts';
import { findFiles, type FoundFile } from '../../input/find-files.ts';
import { findIgnoreRules, type IgnoreOptions } from '../../input/ignored-files.ts';
import type { Input, UnreadableInput } from '../../input/input.ts';
import { isUnreadable, readInput } from '../../input/read-input.ts';
import { lintText, type LintedText, type LintOptions } from '../../lint/lint-text.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { fileRulesOf, type FileRules } from '../../settings/file-rules.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Io } from '../../io.ts';
import { tuneEngine } from './tune-engine.ts';
import { kindFrom, limitsFrom, severityChoice, type RuleChoice } from './options.ts';

/** Values of `inputOptions` and `ruleOptions`. */
export interface LintFilesOptions extends RuleChoice {
  readonly kind?: string | undefined;
  readonly config?: string | false | undefined;
  readonly 'stdin-filename'?: string | undefined;
  readonly 'max-bytes'?: number | undefined;
  readonly 'max-depth'?: number | undefined;
  readonly 'max-nodes'?: number | undefined;
  /** Which files are left out; none where this is. */
  readonly ignoring?: Omit<IgnoreOptions, 'workingDirectory'>;
  /** As `LintOptions` has it. */
  readonly mostOfARule?: number;
  /**
   * Also what could be read, to work on it: a thousand trees would only keep the collector busy where nothing but
   * problems is asked for.
   */
  readonly keepsInstances?: boolean;
  /** Called before each file, so that what else goes on in the process gets its turn. */
  readonly giveWay?: () => Promise<void>;
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
  /** Left out by `ignoring`. */
  readonly skipped: readonly SkippedFile[];
}

export interface SkippedFile {
  readonly name: string;
  /** What names it: `.gitignore:3`. */
  readonly by: string;
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
  const found = await filesOf(names, settings, io.workingDirectory);
  const { wanted, skipped } = withoutIgnored(found, options.ignoring, io.workingDirectory);
  const limits = limitsFrom(options);
  const optionsFor = lintOptionsFor(settings, options, limits);
  const stdinName = options['stdin-filename'];

  const files: LintedFile[] = [];
  const foreign: string[] = [];
  const unreadable: UnreadableInput[] = [];
  let characters = 0;
  using engine = tuneEngine({ keepsMuch: options.keepsInstances !== false });
  for (const file of wanted) {
    await options.giveWay?.();
    const input = await readInput(file, {
      openStdin: () => io.stdin,
      ...(stdinName !== undefined && { stdinName }),
      maxBytes: limits.maxBytes,
    });
    if (isUnreadable(input)) unreadable.push(input);
    else {
      characters += input.text.length;
      engine.expect(characters);
      const lintOptions = optionsFor(input, input.path ?? resolve(io.workingDirectory, input.name));
      const linted = lintText(input.text, lintOptions);
      if (file.isFromFolder && isForeign(linted)) foreign.push(input.name);
      else files.push({ input, linted: kept(linted, options), options: lintOptions });
    }
  }
  reportForeign(foreign, io);
  return { settings, files, unreadable, skipped };
}

function kept(linted: LintedText, { keepsInstances = true }: LintFilesOptions): LintedText {
  return keepsInstances ? linted : { ...linted, instances: [] };
}

/** Neither an instance nor a poller configuration, by its shape: a folder holds a package.json and the like as well. */
function isForeign({ instances, problems }: LintedText): boolean {
  return (
    instances.length === 0 && problems.length > 0 && problems.every(({ rule }) => rule === 'unknown-kind')
  );
}

function reportForeign(names: readonly string[], io: Io): void {
  if (names.length === 0) return;
  const shown = names
    .slice(0, 3)
    .map((name) => JSON.stringify(name))
    .join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  io.stderr.write(`sagecfg: skipped what is no poller configuration in the named folders: ${shown}${more}\n`);
}

function withoutIgnored(
  files: readonly FoundFile[],
  ignoring: LintFilesOptions['ignoring'],
  workingDirectory: string,
): { readonly wanted: readonly FoundFile[]; readonly skipped: readonly SkippedFile[] } {
  if (ignoring === undefined) return { wanted: files, skipped: [] };
  const ruleFor = findIgnoreRules({ ...ignoring, workingDirectory });
  const wanted: FoundFile[] = [];
  const skipped: SkippedFile[] = [];
  for (const file of files) {
    const by = file.path === '-' ? undefined : ruleFor(file.path);
    if (by === undefined) wanted.push(file);
    else skipped.push({ name: file.name, by });
  }
  return { wanted, skipped };
}

/** Standard input counts as the file that `--stdin-filename` names. */
function lintOptionsFor(
  settings: Settings,
  options: LintFilesOptions,
  limits: Limits,
): (input: Input, path: string) => LintOptions {
  const rulesFor = fileRulesOf(settings);
  const choose = severityChoice(options);
  // Most files have the same, which is then worked out once.
  const chosen = new Map<FileRules['severities'], FileRules['severities']>();
  const kind = kindFrom(options.kind);
  return (input, path) => {
    const { severities: own, ignored } = rulesFor(path);
    const severities = chosen.get(own) ?? choose(own);
    chosen.set(own, severities);
    return {
      limits,
      severities,
      ignored,
      ...syntaxOf(input),
      ...(kind && { kind }),
      ...(options.mostOfARule !== undefined && { mostOfARule: options.mostOfARule }),
      findings: input.findings,
    };
  };
}

async function filesOf(
  names: readonly string[],
  settings: Settings,
  workingDirectory: string,
): Promise<readonly FoundFile[]> {
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
