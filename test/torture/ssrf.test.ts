import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openHttpDelivery } from '../../src/runtime/adapters/delivery/http.ts';
import type { DeliveryOutcome } from '../../src/runtime/ports/delivery.ts';
import { planInstance } from '../runtime/deliver/instance-plan.ts';

/** Counts who connects, on every address of this machine. */
interface Trap extends AsyncDisposable {
  readonly port: number;
  readonly connections: () => number;
}

async function openTrap(host?: string): Promise<Trap> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  return {
    port: await listen(server, host),
    connections: () => connections,
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function listen(server: Server, host?: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

async function deliver(url: string, allow: readonly string[] = []): Promise<DeliveryOutcome> {
  await using delivery = openHttpDelivery({ allow, allowHttp: true }, () => 0);
  const { target } = planInstance();
  return await delivery.send({
    target: { ...target, url: new URL(url) },
    body: Buffer.from('{}'),
    headers: {},
  });
}

/** Ways to write an address of this machine, of its network, or of a cloud's metadata. */
const hosts = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f.1',
  '0x7f000001',
  '0x7F.0x0.0x0.0x1',
  '0177.0.0.1',
  '0177.1',
  '017700000001',
  '0',
  '0.0.0.0',
  '0x0',
  '127.0.0.1.',
  '127%2e0%2e0%2e1',
  '１２７.０.０.１',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  'user@127.0.0.1',
  '93.184.216.34@127.0.0.1',
  'localhost',
  'LOCALHOST',
  'localhost.',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '100.100.100.200',
  '10.0.0.1',
  '192.168.1.1',
  '172.16.0.1',
  hostname(),
  ...Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses
      .filter(({ scopeid = 0 }) => scopeid === 0)
      .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ),
];

describe('a callback that leads inside', () => {
  it('is never connected to, however its address is written', { timeout: 60_000 }, async () => {
    await using trap = await openTrap();
    for (const host of new Set(hosts)) {
      // What `URL` refuses, the instance's plan refuses.
      if (!URL.canParse(`http://${host}:${trap.port}/`)) continue;
      const outcome = await deliver(`http://${host}:${trap.port}/`);
      expect([host, outcome.kind]).toEqual([host, 'unreachable']);
    }
    expect(trap.connections()).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])(
    'is not followed to when a receiver redirects with %i',
    async (status) => {
      await using trap = await openTrap('127.0.0.1');
      const server = createHttpServer((_request, response) => {
        response.writeHead(status, { Location: `http://127.0.0.1:${trap.port}/` }).end();
      });
      const port = await listen(server, '127.0.0.2');
      const outcome = await deliver(`http://127.0.0.2:${port}/`, ['127.0.0.2/32']);
      server.closeAllConnections();
      await close(server);
      expect(outcome).toMatchObject({ kind: 'rejected', status });
      expect(trap.connections()).toBe(0);
    },
  );

  // 127.0.0.9 stands for a public address: nothing else may be reached from a test.
  const publicAddress = '127.0.0.9';
  const answers = {
    'a private address': [['127.0.0.1']],
    'a public address beside a private one': [
      [publicAddress, '127.0.0.1'],
      ['127.0.0.1', publicAddress],
    ],
    'a public address first, then a private one': [[publicAddress], ['127.0.0.1'], ['127.0.0.1']],
    'an IPv4 address within IPv6': [['::ffff:127.0.0.1']],
  } as const;

  it.each(Object.entries(answers))(
    'is not connected to when its name stands for %s',
    async (_what, sequence) => {
      await using trap = await openTrap('127.0.0.1');
      using resolver = answerLookups(sequence);
      const outcome = await deliver(`http://rebind.example:${trap.port}/`, [`${publicAddress}/32`]);
      expect(outcome).toMatchObject({ kind: 'unreachable' });
      expect(resolver.asked()).toBe(1);
      expect(trap.connections()).toBe(0);
    },
  );
});

/** Stands in for the system's resolver, which no test can teach names: gives one answer after the other. */
function answerLookups(
  sequence: readonly (readonly string[])[],
): Disposable & { readonly asked: () => number } {
  const { lookup } = dns;
  let asked = 0;
  const fake = (
    _hostname: string,
    _options: unknown,
    callback: (error: null, addresses: LookupAddress[]) => void,
  ): void => {
    const answer = sequence[Math.min(asked, sequence.length - 1)] ?? [];
    asked += 1;
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  Object.assign(dns, { lookup: fake });
  syncBuiltinESMExports();
  return {
    asked: () => asked,
    [Symbol.dispose]: () => {
      Object.assign(dns, { lookup });
      syncBuiltinESMExports();
    },
  };
}
