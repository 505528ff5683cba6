import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { openPrompter } from './prompter.ts';

interface ConsentFlags {
  readonly yes?: boolean | undefined;
  readonly plan?: string | undefined;
}

/** Asked for before anything is read, so that a pipeline learns of it at once. */
export function requireConsent({ yes, plan }: ConsentFlags, { isInteractive }: Io): void {
  if (yes === true || plan !== undefined || isInteractive) return;
  throw new SagecfgError(
    'usage',
    'nobody can be asked here: add --yes, or save a plan with sagecfg plan -o FILE and add --plan FILE',
  );
}

export async function mayApply({ yes, plan }: ConsentFlags, io: Io): Promise<boolean> {
  if (yes === true || plan !== undefined) return true;
  const stop = new AbortController();
  using _ = io.onInterrupt(() => stop.abort());
  using prompter = openPrompter(io);
  const answer = await prompter
    .ask('Apply this? Only yes means yes: ', { signal: stop.signal })
    .catch((error: unknown) => {
      if (stop.signal.aborted) return undefined;
      throw error;
    });
  if (answer?.trim().toLowerCase() === 'yes') return true;
  io.stderr.write('nothing was applied\n');
  return false;
}
