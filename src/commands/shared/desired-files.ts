import { readDesired, type DesiredInstance, type RefusedInstance } from '../../platform/desired-instance.ts';
import type { LintedFile } from './lint-files.ts';

/** What the files want of the platform. */
export function desiredInstances(files: readonly LintedFile[]): {
  readonly desired: readonly DesiredInstance[];
  readonly refused: readonly RefusedInstance[];
} {
  const read = files.flatMap(({ input, linted }) =>
    linted.instances.map((instance) =>
      readDesired(instance, { file: input.name, secrets: linted.secrets.texts }),
    ),
  );
  return {
    desired: read.flatMap((each) => ('why' in each ? [] : [each])),
    refused: read.flatMap((each) => ('why' in each ? [each] : [])),
  };
}
