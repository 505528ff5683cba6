import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { renderNotification } from '../../src/runtime/deliver/envelope.ts';
import { signatureHeaders } from '../../src/runtime/deliver/sign.ts';
import type { InstancePlan } from '../../src/runtime/poll-plan.ts';
import type { StoredEvent } from '../../src/runtime/ports/event.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const key = 'a key that only two know';
const instance: InstancePlan = {
  id: 'north',
  number: 7,
  elementKey: 'sageone',
  hubKey: 'finance',
  tags: [],
  credentials: { clientId: 'x', clientSecret: new Secret('x'), refreshToken: undefined },
  business: undefined,
  target: { url: new URL('http://127.0.0.1'), signatureKey: undefined, basic: undefined },
  polls: [],
};

let folder: TemporaryFolder;
let receiver: Receiver;

beforeAll(async () => {
  folder = await temporaryFolder();
  const made = await runCommand(
    ['generate', '--generator', 'receiver', '--resources', 'customers,invoices', '--out', '.'],
    { workingDirectory: folder.path },
  );
  if (made.exitCode !== 0) throw new Error(made.stderr);
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  // Fails, with what it says, on anything that is not sound under `strict`.
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder.path, stdio: 'pipe' });
  receiver = await startReceiver();
}, 60_000);

afterAll(async () => {
  await receiver.stop();
  await folder[Symbol.asyncDispose]();
});

describe('the generated receiver', () => {
  test('takes a thousand notifications and hands on every event once, with its record', async () => {
    const notifications = Array.from({ length: 1000 }, (_, index) => notify(index * 10, 1 + (index % 10)));
    const statuses = await Promise.all(notifications.map((notification) => send(notification)));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    const expected = notifications.flatMap(({ objectIds }) => objectIds);
    await receiver.printed(expected.length);
    expect(receiver.lines.map(({ id }) => id).sort()).toEqual([...expected].sort());
    expect(receiver.lines[0]).toMatchObject({ resource: 'customers', type: 'UPDATED' });
  });

  test('drops what it has had, in the same body, in another one, and at the same time', async () => {
    const [first, second] = [notify(20_000, 2), notify(20_001, 2)];
    const before = receiver.lines.length;
    const statuses = await Promise.all([send(first), send(first), send(second), send(first)]);
    expect(statuses).toEqual([200, 200, 200, 200]);
    await receiver.printed(before + 3);
    const marker = notify(20_050, 1);
    await send(marker);
    await receiver.printed(before + 4);
    expect(
      receiver.lines
        .slice(before)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['object-20000', 'object-20001', 'object-20002', 'object-20050']);
  });

  test.each<[string, number, (sent: Sent) => Sent]>([
    ['a changed byte', 401, ({ body, headers }) => ({ body: changeByte(body), headers })],
    ['a wrong key', 401, (sent) => sign(sent.body, { key: 'another key' })],
    ['an old timestamp', 401, (sent) => sign(sent.body, { ageMs: 10 * 60 * 1000 })],
    ['a timestamp of the future', 401, (sent) => sign(sent.body, { ageMs: -10 * 60 * 1000 })],
    [
      'a new timestamp on an old signature',
      401,
      (sent) => withHeader(sent, 'webhook-timestamp', String(Math.floor(Date.now() / 1000) - 1)),
    ],
    ['another id', 401, (sent) => withHeader(sent, 'webhook-id', 'another')],
    ['no platform signature', 401, (sent) => withHeader(sent, 'elements-webhook-signature', undefined)],
    ['no standard signature', 401, (sent) => withHeader(sent, 'webhook-signature', undefined)],
    [
      'only the platform signature',
      401,
      ({ body, headers }) => ({
        body,
        headers: { 'elements-webhook-signature': headers['elements-webhook-signature'] ?? '' },
      }),
    ],
    ['no notification', 422, () => sign(Buffer.from('{"a": 1}'))],
    ['no JSON', 422, () => sign(Buffer.from('hello'))],
    ['a resource that it was not made for', 422, () => sign(notify(30_000, 1, 'payments').body)],
  ])('refuses %s', async (_what, status, change) => {
    const before = receiver.lines.length;
    const sent = change(sign(notify(30_000, 1).body));
    expect(await post(sent)).toBe(status);
    expect(receiver.lines.length).toBe(before);
  });

  test('knows its path and its method', async () => {
    expect((await fetch(`${receiver.url}/events`)).status).toBe(405);
    expect((await fetch(`${receiver.url}/other`, { method: 'POST' })).status).toBe(404);
  });

  test('remembers after a restart, and tells a failed event to come again', async () => {
    const sent = notify(40_000, 1);
    await send(sent);
    await receiver.stop();
    await writeFile(
      join(folder.path, 'dist/on-event.js'),
      `let count = 0;\nexport async function onEvent({ resource, type, objectId: id }) {\n  if (count++ === 0) throw new Error('database is down');\n  console.log(JSON.stringify({ resource, type, id }));\n}\n`,
    );
    receiver = await startReceiver();
    const next = notify(40_001, 1);
    expect(await send(sent)).toBe(200);
    expect(await send(next)).toBe(500);
    expect(await send(next)).toBe(200);
    await receiver.printed(1);
    expect(receiver.lines.map(({ id }) => id)).toEqual(['object-40001']);
  });
});

interface Sent {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

interface MadeNotification extends Sent {
  readonly objectIds: readonly string[];
}

/** As `sagecfg run` writes and signs it. */
function notify(first: number, count: number, resource = 'customers'): MadeNotification {
  const [event, ...others] = Array.from({ length: count }, (_, index) => eventOf(first + index, resource));
  if (event === undefined) throw new Error('a notification has an event');
  const { body } = renderNotification([event, ...others], instance, Date.now());
  return { ...sign(body), objectIds: [event, ...others].map(({ objectId }) => objectId) };
}

function eventOf(number: number, resource: string): StoredEvent {
  const objectId = `object-${number}`;
  return {
    id: `event-${number}`,
    sequence: number,
    instanceId: instance.id,
    resource,
    type: 'UPDATED',
    objectId,
    dateMs: 1_700_000_000_000,
    pollDateMs: 1_700_000_001_000,
    record: JSON.stringify({ id: objectId, updated_at: '2023-11-14T22:13:20Z' }),
    reason: 'updated after it was created',
    replays: 0,
  };
}

function sign(body: Uint8Array, { key: used = key, ageMs = 0 } = {}): Sent {
  const headers = signatureHeaders({
    id: 'msg-1',
    body,
    key: new Secret(used),
    timestampMs: Date.now() - ageMs,
  });
  return { body, headers };
}

function changeByte(body: Uint8Array): Uint8Array {
  const changed = Buffer.from(body);
  const at = changed.indexOf('object-');
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

function withHeader({ body, headers }: Sent, name: string, value: string | undefined): Sent {
  const { [name]: _replaced, ...others } = headers;
  return { body, headers: value === undefined ? others : { ...others, [name]: value } };
}

async function send({ body, headers }: Sent): Promise<number> {
  return post({ body, headers });
}

async function post({ body, headers }: Sent): Promise<number> {
  const answer = await fetch(`${receiver.url}/events`, { method: 'POST', body: Buffer.from(body), headers });
  await answer.arrayBuffer();
  return answer.status;
}

interface HandledLine {
  readonly resource: string;
  readonly type: string;
  readonly id: string;
}

interface Receiver {
  readonly url: string;
  readonly lines: readonly HandledLine[];
  /** Resolves once that many events were handed on. */
  readonly printed: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function startReceiver(): Promise<Receiver> {
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: folder.path,
    env: { PORT: '0', HOST: '127.0.0.1', CALLBACK_SIGNATURE_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: HandledLine[] = [];
  const output = createInterface(child.stdout);
  output.on('line', (line) => lines.push(JSON.parse(line) as HandledLine)); // what the handler above prints
  return {
    url: `http://127.0.0.1:${await portOf(child)}`,
    lines,
    printed: async (count) => {
      while (lines.length < count) await once(output, 'line');
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function portOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('the receiver has no standard error');
  for await (const line of createInterface(stderr)) {
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (port === undefined) throw new Error(line);
    stderr.resume();
    return port;
  }
  throw new Error('the receiver ended before it listened');
}
