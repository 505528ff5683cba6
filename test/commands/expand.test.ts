import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand, type CommandResult } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');
const sample = 'seed/instance-example-closed.json';
const since = '--since=2026-11-23T10:00:00Z';

describe('the sample of the vendor', () => {
  it('is expanded with the time given', async () => {
    const { exitCode, stdout, stderr } = await expand(sample, since);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`${sample}: API_Polling (sageone), last poll 2026-11-23T10:00:00Z

customers line 20
  written   /hubs/finance/customers?where=lastModifiedDate>='\${date:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'
  expanded  /hubs/finance/customers?where=lastModifiedDate>='2026-11-23T10:00:00Z' and attributes='created_at,updated_at'
  encoded   /hubs/finance/customers?where=lastModifiedDate%3E=%272026-11-23T10:00:00Z%27%20and%20attributes=%27created_at,updated_at%27
`);
  });

  it('as it was published has an open quote, which is told with its place', async () => {
    const { exitCode, stdout, stderr } = await expand('seed/instance-example.json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      "seed/instance-example.json:20:114: customers: the value 'created_at,updated_at has no closing quote: expected ' at its end\n",
    );
  });
});

describe('--explain', () => {
  it.each([
    ['explain-sample.txt', [sample, since]],
    ['explain-sample-for-sage.txt', [sample, since, '--target', 'sage']],
    ['explain-shop.txt', ['expand/shop.yaml', since, '--now=2026-11-23T10:15:00Z']],
  ])('gives %s', async (golden, argumentList) => {
    const { stdout } = await expand(...argumentList, '--explain');
    await expect(stdout).toMatchFileSnapshot(join(fixtures, 'expand', golden));
  });
});

describe('the time of the last poll', () => {
  it('is the interval of the instance before now, unless it is given', async () => {
    const { stdout } = await expand('expand/shop.yaml', '--now', '2026-11-23T10:15:00Z');
    expect(stdout).toContain(
      'Shop (shop), last poll 2026-11-23T09:15:00Z (assumed: 60 minutes ago; --since sets it)\n',
    );
    expect(stdout).toContain("changed>='1795425300' and to='2026-11-23'");
  });

  it('loses the delay of the entry', async () => {
    const [first] = await expandToJson('expand/shop.yaml', since);
    expect(first).toMatchObject({ lastPoll: '2026-11-23T10:00:00Z', since: '2026-11-23T09:59:30Z' });
  });

  it.each([
    ['2026-11-23', '2026-11-23T00:00:00Z'],
    ['2026-11-23T10:00Z', '2026-11-23T10:00:00Z'],
    ['2026-11-23T10:00:00.5+01:00', '2026-11-23T09:00:00.500Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
  ])('may be written %s', async (text, read) => {
    const [first] = await expandToJson(sample, '--since', text);
    expect(first).toMatchObject({ lastPoll: read });
  });

  it.each([
    ['--since', 'yesterday'],
    ['--since', '2026-11-23T10:00:00'],
    ['--since', '2026-02-29'],
    ['--since', '1795428000'],
    ['--now', '23.11.2026'],
  ])('may not be written %s %s', async (flag, text) => {
    const { exitCode, stdout, stderr } = await expand(sample, flag, text);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      `sagecfg: ${flag} ${JSON.stringify(text)}: expected a date, or a time with its zone, such as 2026-11-23T10:00:00Z\n`,
    );
  });
});

describe('--zone', () => {
  it('is where the platform writes date', async () => {
    const { stdout } = await expand(sample, since, '--zone', 'America/Denver');
    expect(stdout).toContain("lastModifiedDate>='2026-11-23T03:00:00Z'");
  });

  it.each([
    ['europe/london', 'did you mean "Europe/London"?'],
    ['Atlantis', 'expected a name such as Europe/London'],
  ])('%s is none', async (zone, hint) => {
    const { exitCode, stderr } = await expand(sample, since, '--zone', zone);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `sagecfg: --zone "${zone}": ${hint}\n` });
  });
});

describe('--resource', () => {
  it('leaves out the others, and what is wrong with them', async () => {
    const { exitCode, stdout, stderr } = await expand('expand/shop.yaml', '--resource', 'orders, contacts');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.match(/^\w+ line/gm)).toEqual(['orders line', 'contacts line']);
  });

  it('must be one that a file polls', async () => {
    const { exitCode, stderr } = await expand('expand/shop.yaml', '--resource', 'order');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'sagecfg: --resource: no file polls "order": did you mean "orders"?\n',
    });
  });
});

describe('a broken URL', () => {
  it('is told, while the others are expanded', async () => {
    const { exitCode, stdout, stderr } = await expand('expand/shop.yaml', since);
    expect(exitCode).toBe(1);
    expect(stdout.match(/^\w+ line/gm)).toEqual(['orders line', 'contacts line', 'products line']);
    expect(stderr).toBe(
      'expand/shop.yaml:18:54: broken: unknown variable "gmtdDate": did you mean "gmtDate"?\n',
    );
  });

  it.each([
    ['{', 1, '<stdin>:1:2: '],
    ['element: {key: shop}\nconfiguration: {}\n', 1, '<stdin>:1:1: nothing is polled here'],
    ['contacts: {idField: id, url: 5}\n', 1, '<stdin>:1:1: contacts: the entry has no URL'],
    ['contacts: {idField: id, url: "/a?where=b>\'${epoch:0}\'"}\n', 1, '"0" is no unit of epoch'],
  ])('in %j ends with exit code %i', async (text, exitCode, message) => {
    const result = await runCommand(['expand', '--no-config', '-'], { stdin: text });
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  it('is what an instance of another element is for Sage', async () => {
    const { exitCode, stdout, stderr } = await expand('expand/shop.yaml', since, '--target=sage');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('expand/shop.yaml:2:17: orders: "shop" is not Sage: expected "sageone"');
  });
});

describe('--target sage', () => {
  it.each([
    ["/hubs/finance/customers?where=colour='red'", `Sage's "customers" has no filter "colour"`],
    ['/hubs/finance/clients', 'unknown resource "clients"'],
    ['/hubs/crm/customers', 'path "/hubs/crm/customers" is none of Sage'],
  ])('tells of %s that run would refuse it', async (url, message) => {
    const stdin = JSON.stringify({ customers: { url, idField: 'id' } });
    const result = await runCommand(['expand', '--no-config', '--target=sage', '-'], { stdin });
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain(`<stdin>:1:21: customers: ${message}`);
  });

  it('shows what run will ask for: changes, and deletions where Sage tells them', async () => {
    const [first] = await expandToJson(sample, since, '--target', 'sage');
    expect(first).toMatchObject({
      requests: [
        {
          kind: 'changes',
          readable:
            '/contacts?contact_type_id=CUSTOMER&attributes=created_at,updated_at&updated_or_created_since=2026-11-23T10:00:00Z&items_per_page=200',
        },
        {
          kind: 'deletions',
          readable:
            '/contacts?contact_type_id=CUSTOMER&attributes=created_at,updated_at,deleted_at&deleted_since=2026-11-23T09:59:59Z&items_per_page=200',
        },
      ],
    });
  });
});

it('never prints a secret, not even where it stands in a URL', async () => {
  for (const more of [['--explain'], ['-f', 'json']]) {
    const { stdout, stderr } = await expand('expand/shop.yaml', since, ...more);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(stdout).toContain('key=[secret]');
  }
});

it('sends nothing to the terminal that it would obey', async () => {
  const escape = '\\u001b[31m';
  const stdin = `{"a${escape}": {"url": "/a${escape}?where=b>'\${epoch}'"}, "c": {"url": "/c?where=\${x${escape}}"}}`;
  const { stdout, stderr } = await runCommand(['expand', '--no-config', '--explain', '-'], { stdin });
  expect(stdout).toContain('\uFFFD[31m');
  expect(stdout + stderr).not.toContain('\u001b');
});

it('gives programs the broken URLs as well', async () => {
  const { stdout } = await expand('expand/shop.yaml', since, '-f', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    formatVersion: '1.0',
    zone: 'UTC',
    broken: [{ file: 'expand/shop.yaml', line: 18, column: 54, resource: 'broken' }],
  });
});

it('reads several files, globs and standard input', async () => {
  const text = await readFile(join(fixtures, sample), 'utf8');
  await using folder = await temporaryFolder({ 'a.json': text, 'b.json': text });
  const inFolder = await runCommand(['expand', '--no-config', since, '*.json'], {
    workingDirectory: folder.path,
  });
  expect(inFolder.stdout.match(/^\w\.json: API_Polling/gm)).toEqual([
    'a.json: API_Polling',
    'b.json: API_Polling',
  ]);
  const piped = await runCommand(['expand', '--no-config', since, '-'], { stdin: text });
  expect(piped).toMatchObject({ exitCode: 0, stderr: '' });
  expect(piped.stdout).toContain('<stdin>: API_Polling');
});

it.each([
  ['contacts: {url: /a}\n', '<stdin>: poller configuration, last poll'],
  ['- contacts: {url: /a}\n- orders: {url: /b}\n', '<stdin>: poller configuration, number 2, last poll'],
  [
    'element: {key: shop}\nconfiguration: {event.poller.configuration: {a: {url: /a}}}\n',
    '<stdin>: shop, last',
  ],
])('names the instance of %j', async (stdin, heading) => {
  const { stdout } = await runCommand(['expand', '--no-config', '-'], { stdin });
  expect(stdout).toContain(heading);
});

function expand(...argumentList: readonly string[]): Promise<CommandResult> {
  return runCommand(['expand', '--no-config', ...argumentList], { workingDirectory: fixtures });
}

async function expandToJson(...argumentList: readonly string[]): Promise<readonly object[]> {
  const { stdout } = await expand(...argumentList, '-f', 'json');
  const document = JSON.parse(stdout) as { readonly urls: readonly object[] }; // the shape is what the tests look at
  return document.urls;
}
