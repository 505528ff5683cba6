import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { readRedirect } from '../../sage/authorisation.ts';
import type { Attempt, RedirectAnswer } from '../../sage/authorisation.ts';
import { canReceive, openRedirectReceiver } from '../../sage/redirect-receiver.ts';
import type { RedirectReceiver, RedirectReply } from '../../sage/redirect-receiver.ts';
import { openBrowser } from './open-browser.ts';
import { openPrompter } from './prompter.ts';

/** What ends the waiting: the code, or Sage's refusal. */
export type Answer = Exclude<RedirectAnswer, { readonly kind: 'stray' }>;

export interface AskOptions {
  /** The address has to be pasted, also where it could be received. */
  readonly paste: boolean;
  /** Show the page, and not only its address. */
  readonly browser: boolean;
  readonly timeoutMs: number;
}

/**
 * Sends the user to the consent page and waits for the answer, by a port of this machine or by hand. Throws
 * `SagecfgError` where none comes in time.
 */
export async function obtainAnswer(
  redirectUri: string,
  {
    paste,
    browser,
    timeoutMs,
    attempt,
    io,
    urlFor,
  }: AskOptions & {
    readonly attempt: Attempt;
    readonly io: Io;
    /** The consent page for this redirect address. */
    readonly urlFor: (redirectUri: string) => URL | Promise<URL>;
  },
): Promise<{ readonly answer: Answer; readonly redirectUri: string }> {
  const stop = new AbortController();
  using _ = io.onInterrupt(() => stop.abort(new SagecfgError('refused', 'stopped: nothing was changed')));
  const timer = setTimeout(() => stop.abort(noAnswer(timeoutMs)), timeoutMs);
  try {
    const waiting = { attempt, io, signal: stop.signal };
    if (paste || !canReceive(redirectUri)) {
      showPage(await urlFor(redirectUri), { browser, io });
      return { answer: await askForAnswer(redirectUri, waiting), redirectUri };
    }
    await using receiver = await openRedirectReceiver(redirectUri);
    showPage(await urlFor(receiver.redirectUri), { browser, io });
    io.stderr.write(
      `waiting at ${receiver.redirectUri} for the answer; Ctrl-C to stop, --paste where the browser is on another machine\n`,
    );
    return { answer: await receiveAnswer(receiver, waiting), redirectUri: receiver.redirectUri };
  } finally {
    clearTimeout(timer);
  }
}

function showPage(url: URL, { browser, io }: { readonly browser: boolean; readonly io: Io }): void {
  if (browser) openBrowser(url);
  const doing = browser
    ? 'Opening the page of Sage where access is given; if no browser shows it, open'
    : 'Open';
  io.stderr.write(
    `${doing} this address, and sign in as the user whose business it is:\n\n  ${url.href}\n\n`,
  );
}

function noAnswer(timeoutMs: number): SagecfgError {
  return new SagecfgError(
    'refused',
    `no answer came within ${timeoutMs / 1000} seconds, and nothing was changed. Where the browser showed an error instead of coming back: 'oauth.api.key' is not the Client ID of the app, or 'oauth.callback.url' is not registered with it, character for character. Where it is on another machine: --paste. For more time: --timeout-seconds`,
  );
}

/** Waits for the browser to bring the answer to this machine. What is no answer to this attempt is told, and passed over. */
async function receiveAnswer(
  receiver: RedirectReceiver,
  { attempt, io, signal }: { readonly attempt: Attempt; readonly io: Io; readonly signal: AbortSignal },
): Promise<Answer> {
  return receiver.receive((query) => {
    const answer = readRedirect(query, attempt);
    if (answer.kind === 'stray')
      io.stderr.write(`sagecfg: a redirect was not taken: ${answer.why}; still waiting\n`);
    return replyTo(answer);
  }, signal);
}

function replyTo(answer: RedirectAnswer): RedirectReply<Answer> {
  switch (answer.kind) {
    case 'code':
      return {
        result: answer,
        page: {
          title: 'Received',
          text: 'sagecfg has the answer of Sage. You can close this page; the terminal tells how it went.',
        },
      };
    case 'refused':
      return {
        result: answer,
        page: {
          title: 'No access',
          text: `Sage gave no access: ${answer.error.meaning}. The terminal tells what to do.`,
        },
      };
    case 'stray':
    default:
      return {
        result: undefined,
        page: {
          title: 'Not taken',
          text: `sagecfg waits for an answer, but this is not the one: ${answer.why}.`,
        },
      };
  }
}

/**
 * Asks for the address that the browser ended up at, as often as a person needs; a program has one try.
 *
 * @throws SagecfgError `usage` where standard input ends without the answer
 */
async function askForAnswer(
  redirectUri: string,
  { attempt, io, signal }: { readonly attempt: Attempt; readonly io: Io; readonly signal: AbortSignal },
): Promise<Answer> {
  const question = `Then paste the address of the page that the browser ends up at (it is not shown, and works for a minute):\n`;
  using prompter = openPrompter(io);
  for (;;) {
    const line = await prompter.ask(question, { secret: true, signal });
    if (line === undefined)
      throw new SagecfgError('usage', '--paste: standard input ended without the address of the redirect');
    const answer = readPasted(line, redirectUri, attempt);
    if (answer.kind !== 'stray') return answer;
    if (!io.isInteractive) throw new SagecfgError('usage', `--paste: this is not the answer: ${answer.why}`);
    io.stderr.write(`sagecfg: this is not the answer: ${answer.why}\n`);
  }
}

function readPasted(line: string, redirectUri: string, attempt: Attempt): RedirectAnswer {
  const pasted = URL.parse(line.trim().replace(/^(['"<])(.*)[>'"]$/, '$2'));
  if (pasted === null) {
    return { kind: 'stray', why: `it is no address; expected all of it, from ${redirectUri}? to the end` };
  }
  const expected = new URL(redirectUri);
  if (pasted.origin !== expected.origin || pasted.pathname !== expected.pathname) {
    return { kind: 'stray', why: `it is another page; expected an address that begins with ${redirectUri}?` };
  }
  return readRedirect(pasted.searchParams, attempt);
}
