import type { UnreadableInput } from '../../input/input.ts';
import type { Io } from '../../io.ts';
import { findErrors, refuseErrors, strictOptions } from './find-errors.ts';
import { lintFiles, reportUnreadable, type LintedFile, type LintFilesOptions } from './lint-files.ts';
import type { Settings } from '../../settings/settings.ts';

export interface SoundFiles {
  readonly settings: Settings;
  readonly files: readonly LintedFile[];
  /** Reported already. */
  readonly unreadable: readonly UnreadableInput[];
}

/**
 * Reads files to build on. Undefined where one has an error by the rules' own severities: it is printed, and nothing is
 * to be generated from any of them.
 */
export async function soundFiles(
  names: readonly string[],
  options: LintFilesOptions & { readonly color?: string | undefined },
  io: Io,
  outcome = 'nothing was generated',
): Promise<SoundFiles | undefined> {
  const { settings, files, unreadable } = await lintFiles(names, options, io);
  reportUnreadable(unreadable, io);
  const refused = findErrors(files);
  if (refused.length > 0) {
    await refuseErrors(refused, { outcome, color: options.color }, io);
    return undefined;
  }
  // What a rule makes an error stays one when the result is checked, whatever the settings say.
  const strict = files.map((file) => ({ ...file, options: strictOptions(file.options) }));
  return { settings, files: strict, unreadable };
}
