import type { Instance } from '../../model/model.ts';
import { didYouMean } from '../../problem/did-you-mean.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { LintedFile } from './lint-files.ts';

/**
 * The instances of the files with their file: all, or those of one name.
 *
 * @throws SagecfgError `usage` where none has the name
 */
export function namedInstances(
  files: readonly LintedFile[],
  name: string | undefined,
): readonly { readonly file: LintedFile; readonly instance: Instance }[] {
  const all = files.flatMap((file) => file.linted.instances.map((instance) => ({ file, instance })));
  if (name === undefined) return all;
  const named = all.filter(({ instance }) => instance.name?.value === name);
  if (named.length > 0) return named;
  const suggestion = didYouMean(
    name,
    all.flatMap(({ instance }) => instance.name?.value ?? []),
  );
  const hint = suggestion === undefined ? 'none of the files has it' : `did you mean "${suggestion}"?`;
  throw new SagecfgError('usage', `--instance: no instance is called ${JSON.stringify(name)}: ${hint}`);
}
