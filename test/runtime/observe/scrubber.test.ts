import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { createScrubber, scrubbing } from '../../../src/runtime/observe/scrubber.ts';
import type { RuntimeEvent } from '../../../src/runtime/report.ts';

describe('createScrubber', () => {
  it('takes out the secrets that it has learnt, wherever they stood', () => {
    const { learn, clean } = createScrubber();
    learn({ credentials: { clientSecret: new Secret('planted-1') }, list: [new Secret('planted-2')] });
    expect(clean('no planted-1, and planted-2planted-2')).toBe('no [redacted], and [redacted][redacted]');
  });

  it('leaves words alone that happen to be a short key', () => {
    const { learn, clean } = createScrubber();
    learn(new Secret('404'));
    expect(clean('the receiver answered 404')).toBe('the receiver answered 404');
  });

  it.each([
    [
      'GET https://x.example/?access_token=abc123&page=2',
      'GET https://x.example/?access_token=[redacted]&page=2',
    ],
    ['Authorization: Bearer abc.def-1', 'Authorization: Bearer [redacted]'],
    ['{"refresh_token":"abc"}', '{"refresh_token":"[redacted]"}'],
    ['token eyJhbGciOiJI.eyJzdWIiOiIx.c2ln ended', 'token [redacted] ended'],
    ["'customers' cannot be polled: Sage answered 403", "'customers' cannot be polled: Sage answered 403"],
  ])('takes out what looks like a secret: %s', (text, cleaned) => {
    expect(createScrubber().clean(text)).toBe(cleaned);
  });

  it('cleans the words of an event and keeps the rest', () => {
    const seen: RuntimeEvent[] = [];
    const scrubber = createScrubber();
    scrubber.learn(new Secret('planted'));
    scrubbing(
      (event) => seen.push(event),
      scrubber,
    )({
      kind: 'reauthorisation-needed',
      instance: 'planted',
      reason: 'it said planted',
    });
    expect(seen).toEqual([
      { kind: 'reauthorisation-needed', instance: 'planted', reason: 'it said [redacted]' },
    ]);
  });
});
