import type { Io } from '../../io.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { chosenResources } from './chosen-resources.ts';
import type { ProjectChoices } from './project-files.ts';
import { openPrompter } from './prompter.ts';

/** What was given as options, as text; each of them is asked for where it is not. */
export interface ProjectFlags {
  readonly name?: string | undefined;
  readonly resources?: string | undefined;
  readonly callback?: string | undefined;
  readonly 'redirect-uri'?: string | undefined;
  readonly country?: string | undefined;
  readonly ci?: string | undefined;
  readonly hook?: string | undefined;
}

interface Question {
  readonly flag: keyof ProjectFlags;
  readonly text: string;
  readonly fallback: string;
  /** Gives the value, or throws `SagecfgError` that says what was expected. */
  readonly read: (text: string) => string;
}

/** In the order in which they are asked. */
const questions: readonly Question[] = [
  { flag: 'name', text: 'Name of the first tenant', fallback: 'example', read: readName },
  {
    flag: 'resources',
    text: 'What it polls, separated by commas',
    fallback: 'customers',
    read: readResources,
  },
  {
    flag: 'callback',
    text: 'Where the events go',
    fallback: 'https://app.example.com/events',
    read: (text) => readAddress('callback', text),
  },
  {
    flag: 'redirect-uri',
    text: 'Callback URL of your app at Sage',
    fallback: 'http://localhost:8765/callback',
    read: (text) => readAddress('redirect-uri', text),
  },
  { flag: 'country', text: 'Country of the business: GB, IE or CA', fallback: 'GB', read: readCountry },
  {
    flag: 'ci',
    text: 'Pipeline: github, gitlab or none',
    fallback: 'github',
    read: oneOf('ci', ['github', 'gitlab', 'none']),
  },
  {
    flag: 'hook',
    text: 'Hook: pre-commit or none',
    fallback: 'pre-commit',
    read: oneOf('hook', ['pre-commit', 'none']),
  },
];

/**
 * The choices of the options, what is missing asked of the person at the terminal; where nobody is asked, the usual
 * one. Throws `SagecfgError` for a wrong option, and when he leaves.
 */
export async function chooseProject(
  flags: ProjectFlags,
  {
    simulator,
    asks,
    io,
  }: { readonly simulator: string | undefined; readonly asks: boolean; readonly io: Io },
): Promise<ProjectChoices> {
  const given = new Map(
    questions.flatMap(({ flag, read }) => {
      const text = flags[flag];
      return text === undefined ? [] : [[flag, read(text)] as const];
    }),
  );
  const missing = asks ? questions.filter(({ flag }) => !given.has(flag)) : [];
  const asked = await askFor(missing, io);
  const valueOf = (wanted: keyof ProjectFlags): string =>
    given.get(wanted) ?? asked.get(wanted) ?? questions.find(({ flag }) => flag === wanted)?.fallback ?? '';
  return {
    name: valueOf('name'),
    resources: chosenResources({ resources: [valueOf('resources')] }),
    callback: valueOf('callback'),
    redirectUri: valueOf('redirect-uri'),
    country: valueOf('country'),
    checks: [valueOf('ci'), valueOf('hook')].filter((format) => format !== 'none'),
    simulator: simulator === undefined ? undefined : readAddress('simulator', simulator),
  };
}

async function askFor(
  missing: readonly Question[],
  io: Io,
): Promise<ReadonlyMap<keyof ProjectFlags, string>> {
  const stop = new AbortController();
  using _ = io.onInterrupt(() => stop.abort(new SagecfgError('refused', 'stopped: nothing was written')));
  const answers = new Map<keyof ProjectFlags, string>();
  if (missing.length === 0) return answers;
  using prompter = openPrompter(io);
  io.stderr.write('Enter takes what is in brackets.\n\n');
  for (const { flag, text, fallback, read } of missing) {
    let answer: string | undefined;
    while (answer === undefined) {
      const line = await prompter.ask(`${text} [${fallback}]: `, { signal: stop.signal });
      if (line === undefined)
        throw new SagecfgError('usage', 'standard input ended before the last question');
      answer = tryRead(line.trim() === '' ? fallback : line.trim(), read, io);
    }
    answers.set(flag, answer);
  }
  return answers;
}

function tryRead(text: string, read: Question['read'], io: Io): string | undefined {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof SagecfgError)) throw error;
    // He answered a question, and gave no option.
    io.stderr.write(`${error.message.replace(/^--[\w-]+:? /, '')}\n`);
    return undefined;
  }
}

/** It is a file's name too. */
function readName(text: string): string {
  if (/^[A-Za-z0-9][\w-]{0,63}$/.test(text)) return text;
  throw wrong('name', text, 'letters, digits, - and _, 64 at most');
}

function readResources(text: string): string {
  chosenResources({ resources: [text] });
  return text;
}

function readAddress(flag: string, text: string): string {
  const url = URL.parse(text);
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && !/[\s"'\\]/.test(text)) return text;
  throw wrong(flag, text, 'an address that begins with https://');
}

function readCountry(text: string): string {
  const country = text.toUpperCase();
  if (['CA', 'GB', 'IE'].includes(country)) return country;
  throw wrong('country', text, 'GB, IE or CA, the countries that Sage Business Cloud Accounting has');
}

function oneOf(flag: string, choices: readonly string[]): Question['read'] {
  return (text) => {
    if (choices.includes(text)) return text;
    throw wrong(flag, text, `one of ${choices.join(', ')}`);
  };
}

function wrong(flag: string, text: string, expected: string): SagecfgError {
  return new SagecfgError('usage', `--${flag} ${JSON.stringify(text)}: expected ${expected}`);
}
