import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = resolve(import.meta.dirname, '..');
const command = resolve(root, 'dist/sagecfg.cjs');

/** A process in the folder of the user, with what it has printed so far. */
interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly text: () => string;
  readonly exitCode: Promise<number | null>;
}

/** The commands of a section of the page, in order, as a user would type them: without `npx sagecfg`. */
async function commandsOf(section: string): Promise<readonly string[]> {
  const page = await readFile(resolve(root, 'docs/getting-started.md'), 'utf8');
  const start = page.indexOf(`\n## ${section}\n`);
  const text = page.slice(start, page.indexOf('\n## ', start + 1));
  const blocks = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    [...block.replaceAll(/\\\n\s*/g, '').matchAll(/^npx sagecfg (.*)$/gm)].map(([, line = '']) =>
      line.trim(),
    ),
  );
}

function start(
  line: string,
  {
    folder,
    environment,
  }: { readonly folder: string; readonly environment: Readonly<Record<string, string>> },
): Running {
  const child = spawn(process.execPath, [command, ...line.split(/\s+/)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exitCode = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return { child, text: () => text, exitCode };
}

async function textOnceMatching(running: Running, pattern: RegExp): Promise<RegExpExecArray> {
  const ended = running.exitCode.then((code) => {
    const match = pattern.exec(running.text());
    if (match !== null) return match;
    throw new Error(`ended with ${code} before it printed ${pattern.source}: ${running.text()}`);
  });
  const seen = Promise.withResolvers<RegExpExecArray>();
  const look = (): void => {
    const match = pattern.exec(running.text());
    if (match !== null) seen.resolve(match);
  };
  for (const stream of [running.child.stdout, running.child.stderr]) stream.on('data', look);
  look();
  return Promise.race([ended, seen.promise]);
}

/** What a user does besides typing: copies what is printed, clicks in the browser, looks whether events arrive. */
interface Session {
  readonly run: (line: string) => Promise<string>;
  /** Of the terminal of the simulator, ended by Ctrl-C. */
  readonly endSimulator: () => Promise<string>;
  readonly secrets: () => readonly string[];
}

async function openSession(folder: string, processes: AsyncDisposableStack): Promise<Session> {
  const environment: Record<string, string> = {};
  let simulator: Running | undefined;
  let control = '';
  let plans = 0;
  // 8765 may be somebody else's.
  const redirectUri = `http://127.0.0.1:${await freePort()}/callback`;
  const begin = (line: string): Running => {
    const running = start(line, { folder, environment });
    processes.defer(async () => {
      running.child.kill('SIGKILL');
      await running.exitCode;
    });
    return running;
  };
  const typed: Readonly<Record<string, (line: string) => Promise<string>>> = {
    simulate: async (line) => {
      simulator = begin(line);
      const [, address = ''] = await textOnceMatching(
        simulator,
        /control +(\S+)[^]*^export SAGECFG_USER_SECRET=.*$/m,
      );
      control = address;
      for (const [, exported = ''] of simulator.text().matchAll(/^export (.*)$/gm))
        for (const [, name = '', value = ''] of exported.matchAll(/(\w+)=(\S+)/g)) environment[name] = value;
      return '';
    },
    init: (line) => ended(begin(`${line} --redirect-uri ${redirectUri}`), 0),
    // Something to do at first, and nothing after `apply`.
    plan: (line) => ended(begin(line), (plans += 1) === 1 ? 1 : 0),
    apply: (line) => withBrowser(begin(line)),
    auth: (line) => withBrowser(begin(line)),
    run: async (line) => {
      const running = begin(line);
      await expect
        .poll(() => readLedger(control), { timeout: 60_000, interval: 200 })
        .toContainEqual(expect.objectContaining({ isProcessed: true }));
      running.child.kill('SIGINT');
      return ended(running, 0);
    },
  };
  return {
    run: async (line) => (typed[line.split(' --')[0] ?? ''] ?? ((other) => ended(begin(other), 0)))(line),
    endSimulator: async () => {
      simulator?.child.kill('SIGINT');
      await simulator?.exitCode;
      return simulator?.text() ?? '';
    },
    // The client id is none: it stands in the address of the consent page.
    secrets: () =>
      Object.entries(environment).flatMap(([name, value]) => (name.endsWith('_ID') ? [] : [value])),
  };
}

/** Says yes to Sage. */
async function withBrowser(running: Running): Promise<string> {
  const [, page = ''] = await textOnceMatching(running, /^ {2}(http\S+)\n/m);
  await (await fetch(page)).text();
  return ended(running, 0);
}

async function readLedger(control: string): Promise<unknown> {
  return (await fetch(`${control}/ledger`)).json();
}

async function ended(running: Running, expected: number): Promise<string> {
  const code = await running.exitCode;
  if (code === expected) return running.text();
  throw new Error(`ended with ${code}, not ${expected}: ${running.text()}`);
}

it(
  'leads from an empty folder to events arriving, by the commands of its page alone',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder();
    await using processes = new AsyncDisposableStack();
    const session = await openSession(folder.path, processes);
    const ports = new Map([
      ['4010', await freePort()],
      ['4011', await freePort()],
    ]);
    const lines = await commandsOf('1. Try it');
    const said: string[] = [];
    for (const line of lines)
      said.push(await session.run(line.replaceAll(/401[01]/g, (port) => String(ports.get(port)))));
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'simulate',
      'init',
      'validate',
      'expand',
      'plan',
      'apply',
      'plan',
      'auth',
      'auth',
      'run',
    ]);
    const [, delivered] =
      /, (\d+) delivered, .* 0 with another id, 0 bad signatures/.exec(await session.endSimulator()) ?? [];
    expect(Number(delivered)).toBeGreaterThan(0);
    const secrets = session.secrets();
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of secrets) expect(said.join('')).not.toContain(secret);
  },
);
