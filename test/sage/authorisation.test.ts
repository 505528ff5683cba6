import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { beginAttempt, buildAuthorisationUrl, readRedirect } from '../../src/sage/authorisation.ts';

const attempt = beginAttempt();

function urlFor(country?: string): URL {
  return buildAuthorisationUrl({
    authorizeUrl: 'https://sage.example/auth/central?filter=apiv3.1',
    clientId: 'client/id',
    redirectUri: 'http://localhost:8765/Callback',
    scope: 'readonly',
    country,
    attempt,
  });
}

function read(query: Record<string, string> | string): ReturnType<typeof readRedirect> {
  return readRedirect(new URLSearchParams(query), attempt);
}

describe('buildAuthorisationUrl', () => {
  it('has what Sage asks for, with the challenge of the verifier and not the verifier', () => {
    const url = urlFor('GB');
    const challenge = createHash('sha256').update(attempt.verifier.reveal()).digest('base64url');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      filter: 'apiv3.1',
      response_type: 'code',
      client_id: 'client/id',
      redirect_uri: 'http://localhost:8765/Callback',
      scope: 'readonly',
      state: attempt.state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      country: 'gb',
    });
    expect(url.href).not.toContain(attempt.verifier.reveal());
    expect(challenge.length).toBe(43);
  });

  it('names no country that Sage has left, so that the page asks', () => {
    expect(urlFor('US').searchParams.has('country')).toBe(false);
    expect(urlFor().searchParams.has('country')).toBe(false);
  });

  it('has another state and verifier for each attempt', () => {
    const other = beginAttempt();
    expect(other.state).not.toBe(attempt.state);
    expect(other.verifier.reveal()).not.toBe(attempt.verifier.reveal());
  });
});

describe('readRedirect', () => {
  it('gives the code whole, with the country and its slash', () => {
    const answer = read(`code=GB%2F12abc%2B&country=GB&state=${attempt.state}`);
    expect(answer).toMatchObject({ kind: 'code', country: 'GB' });
    expect(answer.kind === 'code' && answer.code.reveal()).toBe('GB/12abc+');
  });

  it('takes an error with its own state, and Sage’s odd ones without any', () => {
    expect(read({ error: 'access_denied', state: attempt.state })).toMatchObject({ kind: 'refused' });
    expect(read('error=Invalid+request&reason=Email+already+in+use')).toMatchObject({
      kind: 'refused',
      error: { meaning: expect.stringContaining('another country') },
    });
  });

  it.each([
    ['another state', 'code=GB%2Fplanted&state=other', "its state is another one's"],
    ['an error with another state', 'error=access_denied&state=other', "its state is another one's"],
    ['no state', 'code=GB%2Fplanted', 'it has no state'],
    ['neither code nor error', `state=${attempt.state}`, 'neither code nor error'],
    ['two codes', `code=GB%2Fplanted&code=b&state=${attempt.state}`, 'the same thing twice'],
    ['two states', `code=GB%2Fplanted&state=${attempt.state}&state=b`, 'the same thing twice'],
    ['nothing', '', 'neither code nor error'],
  ])('takes nothing with %s', (_case, query, why) => {
    const answer = read(query);
    expect(answer).toMatchObject({ kind: 'stray', why: expect.stringContaining(why) });
    expect(JSON.stringify(answer)).not.toContain('planted');
  });
});
