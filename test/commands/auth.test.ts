import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grantStatuses, renderStatuses } from '../../src/commands/shared/grant-status.ts';
import { oauthErrors } from '../../src/sage/oauth-errors.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { openBrowser, redirectOf, show } from '../browser.ts';
import { runCommand } from '../command-line.ts';
import type { CommandResult, CommandSurroundings } from '../command-line.ts';
import { createManualClock } from '../simulator/manual-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { TemporaryFolder } from '../temporary-folder.ts';

const key = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const anyPort = 'http://127.0.0.1:0/callback';

interface Scene extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly folder: TemporaryFolder;
  /** Runs a command in the folder, with the key in the environment. */
  readonly command: (
    argumentList: readonly string[],
    surroundings?: CommandSurroundings,
  ) => Promise<CommandResult>;
  /** The same, where a browser goes where it is sent. */
  readonly withBrowser: (
    argumentList: readonly string[],
    browse?: (address: string) => Promise<string>,
  ) => Promise<CommandResult>;
}

/** A simulator, and a folder with files and settings for it that hold no grant yet. */
async function openScene(options: SimulatorOptions = {}): Promise<Scene> {
  const simulator = await startSimulator({ initialObjects: 0, ...options });
  const files = simulator.tenants.map(({ name }) => [
    `${name}.yaml`,
    simulator
      .instanceFile(name)
      .replace(/^ {2}oauth\.user\.refresh_token: .*\n/m, '')
      .replace(/^( {2}oauth\.callback\.url: ).*$/m, `$1${anyPort}`),
  ]);
  const settings = `configs: ['*.yaml']\nruntime:\n  source: simulator\n  sage: {baseUrl: '${simulator.sageUrl}'}\n`;
  const folder = await temporaryFolder({ ...Object.fromEntries(files), 'sagecfg.yml': settings });
  const command: Scene['command'] = (argumentList, surroundings = {}) =>
    runCommand(argumentList, {
      workingDirectory: folder.path,
      environment: { SAGECFG_KEY: key },
      ...surroundings,
    });
  return {
    simulator,
    folder,
    command,
    withBrowser: async (argumentList, browse) => {
      const browser = openBrowser(browse);
      const result = await command(argumentList, { onStderr: browser.onStderr });
      await browser.pages();
      return result;
    },
    [Symbol.asyncDispose]: async () => {
      await simulator[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('sagecfg auth', () => {
  it('takes the answer at a port of this machine and keeps the grant for run', async () => {
    await using scene = await openScene();
    const result = await scene.withBrowser(['auth']);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^north: authorised; idles out on \d{4}-\d\d-\d\d unless it is used before\n$/,
      ),
    });
    expect(result.stderr).toContain(`this user sees north (${scene.simulator.tenants[0]?.businessId})`);
    const run = await scene.command(['run', '--once']);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).not.toMatch(/token-refreshed|"level":"(?:warn|error)"/);
    expect(scene.simulator.report().grantRefusals).toEqual({});
  });

  it('takes the place of a token in the file, and says that it can go', async () => {
    await using scene = await openScene();
    const file = scene.simulator.instanceFile('north').replace(/8765\/callback/, '0/callback');
    await using folder = await temporaryFolder({ 'north.yaml': file });
    const flags = ['--source', 'simulator', '--sage-base-url', scene.simulator.sageUrl];
    const names = [join(folder.path, 'north.yaml'), '--no-config'];
    const result = await scene.withBrowser(['auth', ...flags, ...names]);
    expect(result.stderr).toContain("'oauth.user.refresh_token' of the file is not needed any more");
    expect(await scene.command(['run', '--once', ...flags, ...names])).toMatchObject({ exitCode: 0 });
    expect(scene.simulator.report().grantRefusals).toEqual({});
  });

  it('passes over what is no answer to this attempt', async () => {
    await using scene = await openScene();
    const pages: string[] = [];
    const result = await scene.withBrowser(['auth'], async (address) => {
      const answer = new URL(await redirectOf(address));
      const forged = new URL(answer);
      forged.searchParams.set('state', 'other');
      for (const url of [forged, answer]) pages.push(await show(url.href));
      return '';
    });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain("a redirect was not taken: its state is another one's");
    expect(pages[0]).toContain('this is not the one');
    expect(pages[1]).toContain('You can close this page');
  });

  it('shares one grant between businesses of one user, and not without being told to', async () => {
    await using scene = await openScene({
      tenants: [
        { name: 'north', user: 'ann' },
        { name: 'south', user: 'ann' },
      ],
    });
    const unsure = await scene.command(['auth']);
    expect(unsure).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--instance: "north", "south"'),
    });
    const page = `${scene.simulator.authorizeUrl}?simulator_tenant=north`;
    const both = ['--instance', 'north', '--instance', 'south', '--sage-authorize-url', page];
    const result = await scene.withBrowser(['auth', ...both]);
    expect(result.stdout).toMatch(/^north: authorised;.*\nsouth: authorised;/);
    expect(result.stderr).toContain("'business' names none of them");
    expect(await scene.command(['run', '--once'])).toMatchObject({ exitCode: 0 });
    expect(scene.simulator.report().grantRefusals).toEqual({});
  });

  const consentErrors = oauthErrors.filter(({ steps }) => steps.includes('consent'));

  it.each(consentErrors)('says what $error $reason means, on the page too', async (row) => {
    await using scene = await openScene();
    const page = `${scene.simulator.authorizeUrl}?simulator_error=${encodeURIComponent(row.reason ?? row.error)}`;
    let shown = '';
    const result = await scene.withBrowser(['auth', '--sage-authorize-url', page], async (address) => {
      shown = await show(address);
      return shown;
    });
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain(`not authorised: ${row.meaning}`);
    expect(result.stderr).toContain(row.advice);
    expect(shown).toContain('No access');
  });

  it('says that a code is too old', async () => {
    const clock = createManualClock();
    await using scene = await openScene({ clock });
    const result = await scene.withBrowser(['auth'], async (address) => {
      const answer = await redirectOf(address);
      await clock.advance(60_000);
      return show(answer);
    });
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain('it lives 60 seconds');
  });

  it('says that the app is unknown, or its secret wrong', async () => {
    await using scene = await openScene();
    const file = (await scene.folder.read('north.yaml')).replace(
      /^( {2}oauth\.api\.secret: ).*$/m,
      '$1planted-secret-of-another-app',
    );
    await using folder = await temporaryFolder({ 'north.yaml': file });
    const result = await scene.withBrowser(['auth', join(folder.path, 'north.yaml')]);
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain("check 'oauth.api.key' and 'oauth.api.secret'");
    expect(result.stderr).not.toContain('planted');
  });

  it.each([
    ['an answer that takes too long', ['--timeout-seconds', '0.05'], 'no answer came within 0.05 seconds'],
    [
      'an address of the file that another program has',
      ['--redirect-uri', 'TAKEN'],
      'another program has the port',
    ],
    ['a standard input without an answer', ['--paste'], 'standard input ended'],
    ['an action that is misspelt', ['stauts'], 'did you mean sagecfg auth status?'],
    ['a source that needs no grant', ['--source', 'hub'], 'auth --through platform renews that'],
    ['a source without a page to ask', ['--source', 'sage-legacy'], 'ended on 31 July 2026'],
    ['an unknown scope', ['--scope', 'all'], 'expected one of readonly, full_access'],
  ])('ends plainly with %s', async (_case, flags, message) => {
    await using scene = await openScene();
    const taken = scene.simulator.sageUrl.replace(/\/v3\.1$/, '/callback');
    const result = await scene.command(['auth', ...flags.map((flag) => flag.replace('TAKEN', taken))]);
    expect(result.stderr).toContain(message);
    expect(result.exitCode).toBeGreaterThan(0);
    expect(await scene.command(['auth', 'status'])).toMatchObject({
      exitCode: 1,
      stdout: 'north  not authorised: sagecfg auth --instance north\n',
    });
  });

  it('stops at Ctrl-C', async () => {
    await using scene = await openScene();
    const stop = new AbortController();
    const onStderr = (text: string): void => {
      if (text.startsWith('waiting at')) stop.abort();
    };
    const result = await scene.command(['auth'], { interrupt: stop.signal, onStderr });
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('stopped: nothing was changed'),
    });
  });

  it('asks for nothing that it could not keep', async () => {
    await using scene = await openScene();
    const sage = ['--source', 'sage'];
    const noKey = await scene.command(['auth', ...sage], { environment: {} });
    expect(noKey).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('SAGECFG_KEY is not set') });
    await scene.withBrowser(['auth']);
    const otherKey = await scene.command(['auth'], { environment: { SAGECFG_KEY: key.replace('M', 'N') } });
    expect(otherKey).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('sealed with another key'),
    });
    expect(noKey.stderr + otherKey.stderr).not.toContain('Open this address');
  });

  it('gives a run that is under way a new grant, and takes none from it', async () => {
    await using scene = await openScene();
    await scene.withBrowser(['auth']);
    const stop = new AbortController();
    const run = scene.command(['run', '--interval-seconds', '0.2', '--overlap-seconds', '0'], {
      interrupt: stop.signal,
    });
    const requests = (): number => scene.simulator.traffic.report().requests;
    await expect.poll(requests, { timeout: 20_000 }).toBeGreaterThan(3);
    const again = await scene.withBrowser(['auth']);
    const revoked = await scene.command(['auth', 'revoke']);
    const before = requests();
    await expect.poll(requests, { timeout: 20_000 }).toBeGreaterThan(before + 3);
    stop.abort();
    await run;
    expect(again).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('takes it over within five minutes'),
    });
    expect(revoked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is in use by process') });
    expect(await scene.command(['auth', 'status'])).toMatchObject({ exitCode: 0 });
    expect(await scene.command(['run', '--once'])).toMatchObject({ exitCode: 0 });
    expect(scene.simulator.report().grantRefusals).toEqual({});
  });

  it('brings a run back whose grant had ended', async () => {
    await using scene = await openScene();
    await scene.withBrowser(['auth']);
    await scene.command(['auth', 'revoke', '--local']);
    const file = scene.simulator.instanceFile('north').replace('8765', '0');
    const ended = file.replace(/simulator-refresh-\w+/, 'simulator-refresh-that-ended');
    await using folder = await temporaryFolder({ 'north.yaml': ended });
    const state = join(scene.folder.path, 'state.db');
    const flags = [
      '--no-config',
      '--source',
      'simulator',
      '--sage-base-url',
      scene.simulator.sageUrl,
      '--state',
      state,
    ];
    const names = [join(folder.path, 'north.yaml')];
    const stop = new AbortController();
    const run = scene.command(['run', ...flags, ...names], { interrupt: stop.signal });
    const status = async (): Promise<string> =>
      (await scene.command(['auth', 'status', ...flags, ...names])).stdout;
    await expect.poll(status, { timeout: 20_000 }).toContain('ended, Sage no longer accepts');
    await scene.withBrowser(['auth', ...flags, ...names]);
    await scene.command(['resume', '--no-config', '--state', state]);
    const polled = (): number =>
      scene.simulator.traffic
        .lines()
        .filter(({ path, status: answered }) => path.startsWith('/v3.1/contacts') && answered === 200).length;
    await expect.poll(polled, { timeout: 20_000 }).toBeGreaterThan(0);
    stop.abort();
    await run;
  });
});

describe('sagecfg auth --paste', () => {
  it('takes the address that a person pastes, and asks again for what is none', async () => {
    await using scene = await openScene();
    const input = new TransformStream<string, string>();
    const writer = input.writable.getWriter();
    const address = 'https://app.example.com/oauth';
    let asked = 0;
    const result = await scene.command(
      ['auth', '--redirect-uri', anyPort.replace(':0', ':1'), '--paste', '--no-browser'],
      {
        isInteractive: true,
        stdin: input.readable,
        onStderr: (text) => {
          const page = /^ {2}(http\S+)$/m.exec(text)?.[1];
          if (page !== undefined)
            void redirectOf(page).then((answer) => writer.write(`hello\n${address}?code=a\n${answer}\n`));
          if (text.startsWith('Then paste')) asked += 1;
        },
      },
    );
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('north: authorised') });
    expect(asked).toBe(3);
    expect(result.stderr).toContain('it is no address');
    expect(result.stderr).toContain('it is another page');
    expect(result.stderr).not.toContain('GB/');
  });

  it('pastes by itself where the address is not of this machine', async () => {
    await using scene = await openScene();
    const result = await scene.command(['auth', '--redirect-uri', 'https://app.example.com/oauth'], {
      stdin: 'https://app.example.com/oauth?code=GB%2Fplanted\n',
    });
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it has no state') });
    expect(result.stderr).not.toContain('planted');
  });
});

describe('sagecfg auth revoke', () => {
  it('ends the grant at Sage and here', async () => {
    await using scene = await openScene();
    await scene.withBrowser(['auth']);
    const revoked = await scene.command(['auth', 'revoke']);
    expect(revoked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('north: revoked at Sage') });
    const again = await scene.command(['auth', 'revoke']);
    expect(again).toMatchObject({ exitCode: 0, stdout: 'north: there is no grant in the state\n' });
    expect(await scene.command(['run', '--once'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('sagecfg auth'),
    });
  });

  it('keeps what Sage did not take back, unless it is told to forget it', async () => {
    await using scene = await openScene();
    await scene.withBrowser(['auth']);
    const nobody = ['--sage-revoke-url', 'http://127.0.0.1:1/revoke'];
    const failed = await scene.command(['auth', 'revoke', ...nobody]);
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('not revoked, and kept') });
    expect(await scene.command(['auth', 'status'])).toMatchObject({ exitCode: 0 });
    const forgotten = await scene.command(['auth', 'revoke', '--local', ...nobody]);
    expect(forgotten).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('forgotten here') });
    expect(await scene.command(['auth', 'status'])).toMatchObject({ exitCode: 1 });
  });

  it('forgets what had ended at Sage before', async () => {
    await using scene = await openScene();
    await scene.withBrowser(['auth']);
    // The same app, started anew: it has not given out this token.
    await using other = await startSimulator({ initialObjects: 0 });
    const revoked = await scene.command(['auth', 'revoke', '--sage-revoke-url', other.revokeUrl]);
    expect(revoked).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('forgotten here; at Sage, there is nothing to take back'),
    });
    expect(await scene.command(['auth', 'status'])).toMatchObject({ exitCode: 1 });
  });
});

describe('sagecfg auth status', () => {
  const nowMs = Date.UTC(2026, 10, 25);
  const day = 86_400_000;
  const grant = { refreshExpiresMs: nowMs + 30 * day, deadReason: undefined };

  it('has a sentence for each state, with what to do', () => {
    const named = ['good', 'soon', 'idle', 'dead one', 'legacy', 'new'].map((id) => ({
      id,
      hasFileToken: false,
    }));
    const statuses = grantStatuses(
      [...named, { id: 'file', hasFileToken: true }],
      [
        { ...grant, instanceId: 'good' },
        { ...grant, instanceId: 'soon', refreshExpiresMs: nowMs + 1.5 * day },
        { ...grant, instanceId: 'idle', refreshExpiresMs: nowMs - 1 },
        { ...grant, instanceId: 'dead one', deadReason: 'refused by Sage' },
        { ...grant, instanceId: 'legacy', refreshExpiresMs: undefined },
        { ...grant, instanceId: 'gone' },
      ],
      nowMs,
    );
    expect(renderStatuses(statuses, nowMs)).toBe(
      [
        'good      authorised; idles out on 2026-12-25, in 30 days, unless it is used before',
        'soon      authorised, but soon no more; idles out on 2026-11-26, in a day, unless it is used before',
        'idle      ended, it was not used for 31 days: sagecfg auth --instance idle',
        "dead one  ended, refused by Sage: sagecfg auth --instance 'dead one'",
        'legacy    authorised',
        'new       not authorised: sagecfg auth --instance new',
        "file      not yet used: the first run begins with 'oauth.user.refresh_token' of the file",
        'gone      authorised; idles out on 2026-12-25, in 30 days, unless it is used before; no file names it',
        '',
      ].join('\n'),
    );
  });
});

it('shows no secret, code or token anywhere, and keeps none in the clear', async () => {
  await using scene = await openScene();
  const redirects: string[] = [];
  const follow = async (address: string): Promise<string> => {
    const answer = await redirectOf(address);
    const page = await show(answer);
    redirects.push(answer, page);
    return page;
  };
  const code = (): string => new URL(redirects[0] ?? '').searchParams.get('code') ?? '';
  const results = [
    await scene.withBrowser(['auth'], follow),
    await scene.command(['auth', 'status', '-f', 'json']),
    await scene.command(['auth', 'status']),
    await scene.command(['run', '--once']),
    await scene.withBrowser(['auth'], follow),
    await scene.command(['auth', 'revoke', '--sage-revoke-url', 'http://127.0.0.1:1/']),
    await scene.command(['auth', 'revoke']),
  ];
  const stateFolder = join(scene.folder.path, '.sagecfg');
  const files = await Promise.all(
    (await readdir(stateFolder)).map((name) => readFile(join(stateFolder, name), 'latin1')),
  );
  const everything = [
    ...results.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ...files,
    redirects[1],
    redirects[3],
  ];
  expect(code()).toMatch(/^GB\//);
  for (const planted of [
    code(),
    code().slice(3),
    scene.simulator.tenants[0]?.clientSecret ?? '',
    'simulator-refresh-',
    'eyJhbGciOiJSUzUxMiIs',
    key,
  ]) {
    expect(everything.filter((text) => text?.includes(planted))).toEqual([]);
  }
});
