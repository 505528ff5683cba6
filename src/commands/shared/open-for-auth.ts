import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { openState, openStateBeside } from '../../runtime/open-storage.ts';
import type { OpenState } from '../../runtime/runtime.ts';
import { openHttpClient } from '../../sage/http.ts';
import type { HttpClient } from '../../sage/http.ts';
import type { AuthSettings } from './auth-options.ts';

interface OpenedForAuth<State extends OpenState> extends AsyncDisposable {
  readonly state: State;
  readonly http: HttpClient;
}

/** The way to Sage, and the state beside a `run` that may have it: that takes a new grant over by itself. */
export async function openToAuthorise(
  settings: AuthSettings,
  { environment, workingDirectory }: Io,
): Promise<OpenedForAuth<Awaited<ReturnType<typeof openStateBeside>>>> {
  return openWith(await openStateBeside({ ...settings, references: { environment, workingDirectory } }));
}

/** The way to Sage, and the state. Throws `SagecfgError` while a `run` has it: that would go on with what it knows. */
export async function openToRevoke(
  settings: AuthSettings,
  { environment, workingDirectory }: Io,
): Promise<OpenedForAuth<OpenState>> {
  return openWith(
    await openUnlessInUse(() => openState({ ...settings, references: { environment, workingDirectory } })),
  );
}

async function openWith<State extends OpenState>(state: State): Promise<OpenedForAuth<State>> {
  await using opened = new AsyncDisposableStack();
  opened.use(state);
  const http = opened.use(openHttpClient({ connectionsPerOrigin: 1 }));
  const owned = opened.move();
  return { state, http, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function openUnlessInUse(open: () => Promise<OpenState>): Promise<OpenState> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof SagecfgError) || error.code !== 'state-in-use') throw error;
    const message = `${error.message}. A run can be stopped at any time and loses nothing: stop it, revoke, and start it again`;
    throw new SagecfgError('state-in-use', message, { cause: error });
  }
}
