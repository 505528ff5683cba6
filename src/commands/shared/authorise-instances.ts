import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Secret } from '../../model/secret.ts';
import { visibleText } from '../../report/visible-text.ts';
import type { AuthorisationPlan } from '../../runtime/authorisation-plan.ts';
import { checkTokenKey, keepGrant, sharedFileToken } from '../../runtime/keep-grant.ts';
import type { OpenState } from '../../runtime/runtime.ts';
import { beginAttempt, buildAuthorisationUrl } from '../../sage/authorisation.ts';
import { exchangeCode } from '../../sage/exchange-code.ts';
import type { HttpClient } from '../../sage/http.ts';
import { listBusinesses } from '../../sage/list-businesses.ts';
import type { ExplainedOauthError } from '../../sage/oauth-errors.ts';
import type { TokenPair } from '../../sage/request-tokens.ts';
import type { AuthAddresses } from './auth-options.ts';
import { obtainAnswer } from './receive-answer.ts';
import type { AskOptions } from './receive-answer.ts';

export interface AuthoriseOptions extends AskOptions {
  readonly addresses: AuthAddresses;
  readonly scope: string;
  /** In place of the files' own. */
  readonly redirectUri: string | undefined;
}

interface Ports {
  readonly state: OpenState & { readonly mayBeInUse: boolean };
  readonly http: HttpClient;
  readonly io: Io;
  readonly now: () => number;
}

/**
 * Gets one grant of Sage for the instances, which belong to one user, and keeps it. Throws `SagecfgError` where Sage or
 * the user refuses, or nobody answers in time; nothing has changed then.
 */
export async function authoriseInstances(
  plans: readonly [AuthorisationPlan, ...AuthorisationPlan[]],
  options: AuthoriseOptions,
  { state, http, io, now }: Ports,
): Promise<void> {
  // Everything that can fail without the user fails before he is sent to the browser.
  refuseMixture(plans);
  await checkTokenKey(state.store.grants);
  const { tokens, country } = await obtainTokens(plans[0], options, { http, io, now });
  await keepGrant(plans, { tokens, grants: state.store.grants, cipher: state.cipher });
  io.stdout.write(plans.map(({ id }) => `${visibleText(id)}: authorised${idleOutClause(tokens)}\n`).join(''));
  if (state.mayBeInUse) io.stderr.write(takenOver);
  if (plans.some(({ fileToken }) => fileToken !== undefined))
    io.stderr.write("'oauth.user.refresh_token' of the file is not needed any more: remove it\n");
  warnOfCountry(country, plans, io);
  const { baseUrl } = options.addresses;
  await tellBusinesses(plans, { baseUrl, accessToken: tokens.accessToken }, { http, io, now });
}

const takenOver =
  "a run that is under way takes it over within five minutes; 'sagecfg resume' polls at once what had failed\n";

async function obtainTokens(
  plan: AuthorisationPlan,
  { addresses, scope, redirectUri: wanted, ...asking }: AuthoriseOptions,
  { http, io, now }: Omit<Ports, 'state'>,
): Promise<{ readonly tokens: TokenPair; readonly country: string | undefined }> {
  const { app, country } = plan;
  const attempt = beginAttempt();
  const { authorizeUrl, tokenUrl } = addresses;
  const { answer, redirectUri } = await obtainAnswer(wanted ?? requireRedirectUri(plan), {
    ...asking,
    io,
    attempt,
    urlFor: (address) =>
      buildAuthorisationUrl({
        authorizeUrl,
        clientId: app.clientId,
        redirectUri: address,
        scope,
        country,
        attempt,
      }),
  });
  if (answer.kind === 'refused') throw refusedBySage(answer.error);
  const { code } = answer;
  const exchanged = await exchangeCode(
    { tokenUrl, app, code, redirectUri, verifier: attempt.verifier },
    { send: http.send, now },
  );
  if (exchanged.kind === 'granted') return { tokens: exchanged.tokens, country: answer.country };
  if (exchanged.kind === 'refused') throw refusedBySage(exchanged.error);
  const { message } = exchanged.failure;
  throw new SagecfgError('refused', `the code could not be exchanged: ${message}; run it again`);
}

export function refusedBySage({ error, meaning, advice }: ExplainedOauthError): SagecfgError {
  const quoted = meaning.includes(error) ? '' : ` (${error})`;
  return new SagecfgError('refused', `not authorised: ${meaning}${quoted}; ${advice}`);
}

/** One grant for several: they must be of one app, come back to one address, and be authorised by one user. */
function refuseMixture(plans: readonly AuthorisationPlan[]): void {
  sharedFileToken(plans);
  for (const key of ['oauth.api.key', 'oauth.callback.url'] as const) {
    const values = plans.map(({ app, redirectUri }) =>
      key === 'oauth.api.key' ? app.clientId : redirectUri,
    );
    if (new Set(values).size === 1) continue;
    const names = plans.map(({ id }) => `'${id}'`).join(', ');
    throw new SagecfgError(
      'refused',
      `${names} have different values of '${key}': authorise them one by one`,
    );
  }
}

export function requireRedirectUri({ id, redirectUri }: AuthorisationPlan): string {
  if (redirectUri === undefined) {
    throw new SagecfgError(
      'refused',
      `instance '${id}' has no 'oauth.callback.url': put an address there that the app has as Callback URL at Sage, such as http://localhost:8765/callback`,
    );
  }
  if (URL.canParse(redirectUri)) return redirectUri;
  throw new SagecfgError(
    'refused',
    `instance '${id}' has an 'oauth.callback.url' that is no address: '${redirectUri}'`,
  );
}

function idleOutClause({ refreshExpiresMs }: TokenPair): string {
  if (refreshExpiresMs === undefined) return '';
  return `; idles out on ${new Date(refreshExpiresMs).toISOString().slice(0, 10)} unless it is used before`;
}

function warnOfCountry(answered: string | undefined, plans: readonly AuthorisationPlan[], io: Io): void {
  for (const { id, country } of plans) {
    if (answered === undefined || country === undefined) continue;
    if (answered.toLowerCase() === country.toLowerCase()) continue;
    io.stderr.write(
      `warning: Sage says that the business is in ${visibleText(answered.slice(0, 20))}, 'country' of ${visibleText(id)} is ${visibleText(country)}\n`,
    );
  }
}

/** A browser that was signed in as somebody else is the mistake that nobody would notice otherwise. */
async function tellBusinesses(
  plans: readonly AuthorisationPlan[],
  access: { readonly baseUrl: string; readonly accessToken: Secret },
  { http, io, now }: Omit<Ports, 'state'>,
): Promise<void> {
  const list = await listBusinesses(access, { send: http.send, now });
  if (list.kind === 'failed') {
    io.stderr.write(`warning: the businesses of this user could not be read: ${list.failure.message}\n`);
    return;
  }
  const shown = list.businesses
    .slice(0, mostShown)
    .map(({ id, name }) => `${visibleText(name)} (${visibleText(id)})`);
  const more = list.businesses.length > mostShown ? ` and ${list.businesses.length - mostShown} more` : '';
  io.stderr.write(`this user sees ${shown.join(', ') || 'no business'}${more}\n`);
  for (const { id, business } of plans) {
    if (business === undefined || list.businesses.some((each) => each.id === business)) continue;
    io.stderr.write(
      `warning: not the business '${visibleText(business)}' that ${visibleText(id)} polls: was the browser signed in as another user? Then authorise again\n`,
    );
  }
  if (list.businesses.length > 1 && plans.some(({ business }) => business === undefined))
    io.stderr.write(
      "warning: 'business' names none of them, so Sage chooses, and may choose another one later\n",
    );
}

const mostShown = 10;
