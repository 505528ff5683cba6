import { resolve } from 'node:path';
import type { Io } from '../../io.ts';
import type { RegistrationKey, Registrations } from '../../platform/registrations.ts';
import type { Plan } from '../../platform/plan-instances.ts';
import { createVariablesRegistrations } from '../../platform/variables-registrations.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { RuntimeSettings } from '../../settings/settings.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { openPrivateText } from './private-text.ts';
import { runtimeOptions, runtimeOptionsFrom } from './runtime-options.ts';

/** Where ids and tokens are kept. */
export const registrationOptions = {
  'output-env': {
    type: 'string',
    placeholder: 'FILE',
    description: 'Keep ids and tokens there, as variables for a shell, instead of in the state',
  },
  store: runtimeOptions.store,
  state: runtimeOptions.state,
  source: runtimeOptions.source,
} as const satisfies OptionDefinitions;

export interface OpenedRegistrations extends AsyncDisposable {
  readonly registrations: Registrations;
  /** In words. */
  readonly place: string;
}

type NamedInstance = Pick<RegistrationKey, 'elementKey' | 'name'>;

/** Opens the state, or the file that the user names. Throws `SagecfgError` while a `run` has the state. */
export async function openRegistrations(
  plan: Plan,
  {
    flags,
    settings,
    io,
  }: {
    readonly flags: OptionValues<typeof registrationOptions>;
    readonly settings: RuntimeSettings;
    readonly io: Io;
  },
): Promise<OpenedRegistrations> {
  const { workingDirectory, environment } = io;
  const file = flags['output-env'];
  if (file !== undefined) {
    const text = await openPrivateText(resolve(workingDirectory, file));
    const instances = plan.actions.flatMap((action): readonly NamedInstance[] =>
      'desired' in action ? [action.desired] : 'live' in action ? [action.live] : [],
    );
    const registrations = createVariablesRegistrations(text, instances);
    return { registrations, place: file, [Symbol.asyncDispose]: async () => undefined };
  }
  const { openState } = await import('../../runtime/open-storage.ts');
  const { source, store } = runtimeOptionsFrom(flags, settings, workingDirectory);
  const state = await openState({ source, store, references: { environment, workingDirectory } }).catch(
    explain,
  );
  return {
    registrations: state.store.registrations,
    place: 'the state, encrypted',
    [Symbol.asyncDispose]: () => state[Symbol.asyncDispose](),
  };
}

function explain(error: unknown): never {
  if (!(error instanceof SagecfgError) || (error.code !== 'state-in-use' && error.code !== 'settings'))
    throw error;
  const message = `${error.message}. Or --output-env FILE keeps ids and tokens in a file of its own`;
  throw new SagecfgError(error.code, message, { cause: error });
}
