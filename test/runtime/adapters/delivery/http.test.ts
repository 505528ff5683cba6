import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import { openHttpDelivery } from '../../../../src/runtime/adapters/delivery/http.ts';
import type { DeliveryTarget } from '../../../../src/runtime/poll-plan.ts';
import type { DeliveryOutcome } from '../../../../src/runtime/ports/delivery.ts';

interface Receiver extends AsyncDisposable {
  readonly port: number;
  readonly received: { readonly body: Buffer; readonly request: IncomingMessage }[];
}

async function openReceiver(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ body: Buffer.concat(chunks), request });
      answer(response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const ok = (response: ServerResponse): unknown => response.end('{}');
const body = Buffer.from('{"message":"Größe"}');
const open = (allow: readonly string[] = []) => openHttpDelivery({ allow, allowHttp: true }, () => 0);

function targetOf(url: string, basic?: DeliveryTarget['basic']): DeliveryTarget {
  return { url: new URL(url), signatureKey: undefined, basic };
}

async function deliver(
  url: string,
  allow: readonly string[],
  basic?: DeliveryTarget['basic'],
): Promise<DeliveryOutcome> {
  await using delivery = open(allow);
  return await delivery.send({ target: targetOf(url, basic), body, headers: { 'webhook-id': 'n1' } });
}

describe('openHttpDelivery', () => {
  const loopback = ['127.0.0.0/8', '::1/128'];

  it('posts the very bytes, with the headers and the credentials', async () => {
    await using receiver = await openReceiver(ok);
    const basic = { username: 'user', password: new Secret('pass') };
    const outcome = await deliver(`http://127.0.0.1:${receiver.port}/hook?x=1`, loopback, basic);
    expect(outcome).toEqual({ kind: 'accepted', status: 200, answer: '{}' });
    const [request] = receiver.received;
    expect(request?.body.equals(body)).toBe(true);
    expect(request?.request.url).toBe('/hook?x=1');
    expect(request?.request.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'n1',
      authorization: `Basic ${Buffer.from('user:pass').toString('base64')}`,
    });
  });

  it.each([
    [204, {}, { kind: 'accepted', status: 204 }],
    [500, {}, { kind: 'rejected', status: 500 }],
    [429, { 'retry-after': '7' }, { kind: 'rejected', status: 429, retryAfterMs: 7000 }],
    [304, {}, { kind: 'rejected', status: 304 }],
  ])('tells what status %i means', async (status, headers, expected) => {
    await using receiver = await openReceiver((response) => response.writeHead(status, headers).end());
    expect(await deliver(`http://127.0.0.1:${receiver.port}/`, loopback)).toEqual(expected);
  });

  it('never follows a redirect', async () => {
    await using receiver = await openReceiver((response) =>
      response.writeHead(307, { location: '/elsewhere' }).end(),
    );
    expect(await deliver(`http://127.0.0.1:${receiver.port}/`, loopback)).toEqual({
      kind: 'rejected',
      status: 307,
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('takes a lost answer for no answer', async () => {
    await using receiver = await openReceiver((response) => response.destroy());
    const outcome = await deliver(`http://127.0.0.1:${receiver.port}/`, loopback);
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'no answer from the receiver: UND_ERR_SOCKET' });
  });

  it.each([
    ['localhost', 'localhost'],
    ['an address', '127.0.0.1'],
    ['a number', '2130706433'],
    ['hexadecimal digits', '0x7f.1'],
    ['a short form', '127.1'],
    ['octal digits', '0177.0.0.1'],
    ['no address', '0.0.0.0'],
    ['IPv6', '[::1]'],
    ['IPv4 within IPv6', '[::ffff:127.0.0.1]'],
  ])('does not reach this machine by %s', async (_case, host) => {
    await using receiver = await openReceiver(ok);
    const outcome = await deliver(`http://${host}:${receiver.port}/`, []);
    expect(outcome).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('runtime.callback.allow'),
    });
    expect(receiver.received).toEqual([]);
  });

  it('reaches a name whose addresses are allowed', async () => {
    await using receiver = await openReceiver(ok);
    expect(await deliver(`http://localhost:${receiver.port}/`, loopback)).toMatchObject({ kind: 'accepted' });
  });

  it('sends the further headers of the instance, and never in the place of its own', async () => {
    await using receiver = await openReceiver(ok);
    await using delivery = open(loopback);
    const headers = { 'x-key': new Secret('planted'), 'content-type': new Secret('text/plain') };
    const target = { ...targetOf(`http://127.0.0.1:${receiver.port}/`), headers };
    await delivery.send({ target, body, headers: {} });
    expect(receiver.received[0]?.request.headers).toMatchObject({
      'x-key': 'planted',
      'content-type': 'application/json',
    });
  });

  it('keeps the first 4 kB of an answer, and does not wait for the end of one that has none', async () => {
    await using receiver = await openReceiver((response) => {
      response.writeHead(500);
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', write);
      write();
    });
    const outcome = await deliver(`http://127.0.0.1:${receiver.port}/`, loopback);
    expect(outcome).toEqual({ kind: 'rejected', status: 500, answer: 'x'.repeat(4096) });
  });

  it.each([
    ['http://receiver.example.com/', false, 'http sends the records unencrypted'],
    ['ftp://receiver.example.com/', true, "'ftp:' is not https"],
    ['https://user:pass@receiver.example.com/', true, 'a user name or password'],
    ['https://169.254.169.254/latest', true, 'is not public'],
  ])('refuses %s before anything is sent', async (url, allowHttp, reason) => {
    await using delivery = openHttpDelivery({ allow: [], allowHttp }, () => 0);
    expect(delivery.refusal(targetOf(url))).toContain(reason);
  });

  it('has nothing against an https address', async () => {
    await using delivery = openHttpDelivery({ allow: [], allowHttp: false }, () => 0);
    expect(delivery.refusal(targetOf('https://receiver.example.com/'))).toBeUndefined();
  });
});
