import type { Io } from '../../io.ts';
import { isSuppressible } from '../../lint/suppressible.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Outcome } from './fix-files.ts';

/**
 * Says on standard error which entries of the settings' `ignore` hid nothing, though they are about a file that was
 * checked: left there, they would hide the next problem of their kind. Give it every file of the project.
 */
export function reportUnusedIgnores(outcomes: readonly Outcome[], settings: Settings, io: Io): void {
  const judged = outcomes.filter(({ text }) => text.problems.every(({ rule }) => isSuppressible(rule)));
  for (const [index, entry] of settings.ignore.entries()) {
    const about = judged.filter(
      ({ file: { options } }) =>
        options.ignored?.includes(entry) === true && options.severities?.get(entry.rule) !== 'off',
    );
    if (about.length === 0 || about.some(({ text }) => text.suppressions.usedIgnores.has(entry))) continue;
    const place = `/ignore/${index}`;
    io.stderr.write(
      `sagecfg: ${settings.path ?? ''}: ${place} (${entry.rule}) hides nothing any more: remove it\n`,
    );
  }
}
