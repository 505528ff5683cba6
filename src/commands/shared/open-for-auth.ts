import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { OpenState } from '../../runtime/runtime.ts';
import { openHttpClient } from '../../sage/http.ts';
import type { HttpClient } from '../../sage/http.ts';
import type { AuthSettings } from './auth-options.ts';

export interface OpenedForAuth extends AsyncDisposable {
  readonly state: OpenState;
  readonly http: HttpClient;
}

/** The state and the way to Sage. Throws `SagecfgError` while a `run` has the state: it would not notice the change. */
export async function openForAuth(settings: AuthSettings, io: Io): Promise<OpenedForAuth> {
  const { openState } = await import('../../runtime/open-storage.ts');
  const { environment, workingDirectory } = io;
  await using opened = new AsyncDisposableStack();
  const state = opened.use(
    await openUnlessInUse(() => openState({ ...settings, references: { environment, workingDirectory } })),
  );
  const http = opened.use(openHttpClient({ connectionsPerOrigin: 1 }));
  const owned = opened.move();
  return { state, http, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function openUnlessInUse(open: () => Promise<OpenState>): Promise<OpenState> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof SagecfgError) || error.code !== 'state-in-use') throw error;
    const message = `${error.message}. A run can be stopped at any time and loses nothing: stop it, authorise, and start it again`;
    throw new SagecfgError('state-in-use', message, { cause: error });
  }
}
