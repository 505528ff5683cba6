import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { canReceive, openRedirectReceiver } from '../../src/sage/redirect-receiver.ts';
import type { RedirectReply } from '../../src/sage/redirect-receiver.ts';

/** Takes what has a code, and lets everything else wait. */
function readCode(query: URLSearchParams): RedirectReply<string> {
  const code = query.get('code');
  return { result: code ?? undefined, page: { title: code === null ? 'No' : 'Done', text: 'a < b' } };
}

const never = new AbortController().signal;

describe('openRedirectReceiver', () => {
  it('answers one redirect with a plain page, and is gone', async () => {
    const receiver = await openRedirectReceiver('http://127.0.0.1:0/callback');
    const received = receiver.receive(readCode, never);
    const page = await fetch(`${receiver.redirectUri}?code=GB%2Fplanted`);
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(text).toContain('<h1>Done</h1><p>a &lt; b</p>');
    expect(text).not.toContain('planted');
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await received).toBe('GB/planted');
    await receiver[Symbol.asyncDispose]();
    await expect(fetch(receiver.redirectUri)).rejects.toThrow('fetch failed');
  });

  it('goes on waiting after what is no answer', async () => {
    await using receiver = await openRedirectReceiver('http://127.0.0.1:0/callback');
    const received = receiver.receive(readCode, never);
    const { origin } = new URL(receiver.redirectUri);
    const statusOf = async (url: string, options: RequestInit = {}): Promise<number> =>
      (await fetch(url, options)).status;
    expect(await statusOf(receiver.redirectUri)).toBe(400);
    expect(await statusOf(`${origin}/favicon.ico?code=a`)).toBe(404);
    expect(await statusOf(`${origin}/callback/?code=a`)).toBe(404);
    expect(await statusOf(`${receiver.redirectUri}?code=a`, { method: 'POST' })).toBe(405);
    // The same port under another name: a page elsewhere that was made to lead here.
    expect(await statusOf(`${receiver.redirectUri.replace('127.0.0.1', 'localhost')}?code=a`)).toBe(404);
    await fetch(`${receiver.redirectUri}?code=b`);
    expect(await received).toBe('b');
  });

  it('ends when it is told to', async () => {
    await using receiver = await openRedirectReceiver('http://127.0.0.1:0/');
    const stop = new AbortController();
    const received = receiver.receive(readCode, stop.signal);
    stop.abort(new Error('enough'));
    await expect(received).rejects.toThrow('enough');
    await expect(receiver.receive(readCode, stop.signal)).rejects.toThrow('enough');
  });

  it('says when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await expect(openRedirectReceiver(`http://127.0.0.1:${port}/callback`)).rejects.toThrow(
      /^cannot listen at http:\/\/127\.0\.0\.1:\d+: another program has the port/,
    );
    other.close();
  });

  it('keeps the address as it is written, but for the port', async () => {
    await using receiver = await openRedirectReceiver('http://localhost:0');
    expect(receiver.redirectUri).toMatch(/^http:\/\/localhost:[1-9]\d*$/);
  });

  it.each([
    ['http://localhost:8765/callback', true],
    ['http://127.0.0.1/callback', true],
    ['http://[::1]:8765/', true],
    ['https://localhost:8765/callback', false],
    ['https://app.example.com/oauth', false],
    ['http://127.0.0.1.example.com/', false],
    ['no address', false],
  ])('can receive at %s: %s', (redirectUri, expected) => {
    expect(canReceive(redirectUri)).toBe(expected);
  });
});
