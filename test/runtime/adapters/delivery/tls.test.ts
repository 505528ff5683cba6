import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { resolve } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { openHttpDelivery } from '../../../../src/runtime/adapters/delivery/http.ts';
import { readCallbackTls } from '../../../../src/runtime/callback-tls.ts';
import type { DeliveryOutcome } from '../../../../src/runtime/ports/delivery.ts';

const file = (name: string): string => resolve(import.meta.dirname, 'tls', name);
const pem = (name: string): string => readFileSync(file(name), 'utf8');

interface Receiver extends AsyncDisposable {
  readonly url: URL;
  /** Names in the certificates that were shown to it. */
  readonly shown: (string | undefined)[];
}

async function openReceiver({ requestCert = false } = {}): Promise<Receiver> {
  const shown: (string | undefined)[] = [];
  const options = { key: pem('server.key'), cert: pem('server.pem'), ca: pem('ca.pem'), requestCert };
  const server = createServer({ ...options, rejectUnauthorized: requestCert }, (request, response) => {
    const name = (request.socket as TLSSocket).getPeerCertificate().subject?.CN; // of an https server
    shown.push(Array.isArray(name) ? name[0] : name);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: new URL(`https://localhost:${port}/hook`),
    shown,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function deliver(url: URL, files: Parameters<typeof readCallbackTls>[0]): Promise<DeliveryOutcome> {
  const rules = { allow: ['127.0.0.0/8', '::1/128'], allowHttp: false, tls: readCallbackTls(files) };
  await using delivery = openHttpDelivery(rules, () => 0);
  const target = { url, signatureKey: undefined, basic: undefined };
  return await delivery.send({ target, body: Buffer.from('{}'), headers: {} });
}

describe('the way to a receiver', () => {
  it('trusts an authority of one\u2019s own only when it is named', async () => {
    await using receiver = await openReceiver();
    expect(await deliver(receiver.url, {})).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringMatching(/UNABLE_TO_VERIFY|SELF_SIGNED/),
    });
    expect(receiver.shown).toEqual([]);
    expect(await deliver(receiver.url, { ca: file('ca.pem') })).toMatchObject({ kind: 'accepted' });
  });

  it('shows a certificate to a receiver that asks for one', async () => {
    await using receiver = await openReceiver({ requestCert: true });
    const ca = file('ca.pem');
    expect(await deliver(receiver.url, { ca })).toMatchObject({ kind: 'unreachable' });
    const own = { ca, certificate: file('client.pem'), key: file('client.key') };
    expect(await deliver(receiver.url, own)).toMatchObject({ kind: 'accepted' });
    expect(receiver.shown).toEqual(['sagecfg test client']);
  });
});

describe('readCallbackTls', () => {
  it.each([
    [{ ca: file('nothing.pem') }, 'runtime.callback.ca: cannot read'],
    [{ ca: file('server.key') }, 'holds no certificate in PEM'],
    [{ certificate: file('client.pem'), key: file('ca.pem') }, 'holds no private key in PEM'],
    [{ key: file('client.key') }, 'belong together'],
  ])('refuses %j', (files, message) => {
    expect(() => readCallbackTls(files)).toThrow(message);
  });
});
