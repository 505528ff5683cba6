import { describe, expect, it } from 'vitest';
import { classifyResponse, networkFailure } from '../../src/sage/sage-failure.ts';

const diagnosis = (code: string, message: string): string =>
  JSON.stringify([{ $severity: 'error', $dataCode: code, $message: message, $source: '' }]);

describe('classifyResponse', () => {
  it.each([
    [
      'an expired token',
      401,
      diagnosis('AuthenticationFailure', 'The access token has expired.'),
      'unauthorised',
    ],
    ['an unauthorised answer that is not JSON', 401, '<html>', 'unauthorised'],
    [
      'an ended subscription',
      401,
      diagnosis('AuthorizationFailure', 'No active subscription. (MSE)'),
      'subscription',
    ],
    [
      'a missing right',
      403,
      diagnosis('MultiUserAccessDenied', 'The current user is not allowed'),
      'forbidden',
    ],
    ['an unknown resource', 404, diagnosis('RecordNotFound', 'Not found'), 'missing'],
    ['too many requests', 429, diagnosis('RateLimitExceeded', 'Too many'), 'throttled'],
    ['an error of Sage', 500, diagnosis('UnexpectedError', 'An unexpected error occurred.'), 'server'],
    ["a gateway's page", 504, '<html><body>504 Gateway Time-out</body></html>', 'server'],
    ['a redirect', 302, '', 'refused'],
    ['a bad request', 400, diagnosis('BadRequest', 'What?'), 'refused'],
  ])('understands %s', (_case, status, text, kind) => {
    expect(classifyResponse({ status, headers: {}, text }, 0).kind).toBe(kind);
  });

  it('says what Sage said, on one short line, with the request’s id', () => {
    const text = diagnosis('UnexpectedError', `first\nsecond \u001b[31m${'x'.repeat(300)}`);
    const { message } = classifyResponse({ status: 500, headers: { x_request_id: 'abc' }, text }, 0);
    expect(message).toMatch(/^Sage answered 500 'UnexpectedError': first second \[31mx+… \(request abc\)$/);
    expect(message.length).toBeLessThan(300);
  });

  it('takes Retry-After with any status', () => {
    const response = { status: 503, headers: { 'retry-after': '7' }, text: '' };
    expect(classifyResponse(response, 0).retryAfterMs).toBe(7000);
  });
});

describe('networkFailure', () => {
  it('names the code and never the message, which may quote the request', () => {
    const error = Object.assign(new Error('connect to https://u:secret@host'), { code: 'ECONNREFUSED' });
    expect(networkFailure(error)).toEqual({ kind: 'network', message: 'no answer from Sage: ECONNREFUSED' });
  });
});
