import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const command = resolve(import.meta.dirname, '../../dist/sagecfg.cjs');

/** Stands for the desktop: notes what it was started with, and visits the page. */
const launcher = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
appendFileSync(process.env.NOTES, JSON.stringify(process.argv.slice(2)) + '\\n');
void fetch(process.argv[2]);
`;

it.skipIf(process.platform !== 'linux')(
  'lets the desktop show the page, with nothing secret in a command line',
  async () => {
    await using simulator = await startSimulator({ initialObjects: 0 });
    const [tenant] = simulator.tenants;
    const text = simulator
      .instanceFile('north')
      .replace(/^( {2}oauth\.api\.secret: ).*$/m, '$1${env:SECRET}')
      .replace(/^ {2}oauth\.user\.refresh_token: .*\n/m, '');
    await using folder = await temporaryFolder({ 'north.yaml': text, 'bin/xdg-open': launcher });
    await chmod(join(folder.path, 'bin/xdg-open'), 0o755);
    const notes = join(folder.path, 'notes');
    const argumentList = ['auth', '--browser', '--source', 'simulator', '--sage-base-url', simulator.sageUrl];
    const redirect = ['--redirect-uri', 'http://127.0.0.1:0/callback', 'north.yaml'];
    const child = spawn(process.execPath, [command, ...argumentList, ...redirect], {
      cwd: folder.path,
      env: { PATH: join(folder.path, 'bin'), NOTES: notes, SECRET: tenant?.clientSecret },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    expect(said).toContain('north: authorised');
    const started = (await readFile(notes, 'utf8')).trimEnd().split('\n');
    expect(started).toHaveLength(1);
    const [address = ''] = JSON.parse(started[0] ?? '') as readonly string[]; // written by the script above
    expect([...new URL(address).searchParams.keys()].sort()).toEqual([
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'country',
      'filter',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ]);
    expect(started.join('') + said).not.toContain(tenant?.clientSecret);
  },
);
