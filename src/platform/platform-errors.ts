/** What one of the platform's documented answers means, and what whoever reads it can do. */
export interface DocumentedError {
  readonly status: number;
  readonly means: string;
  readonly advice: string;
  /** The request may have been carried out all the same. */
  readonly isUncertain?: boolean;
  /** The same request may well pass later. */
  readonly isPassing?: boolean;
}

/** Every error status that the platform documents, and those that stand between it and us. A test has a row for each. */
export const documentedErrors: readonly DocumentedError[] = [
  {
    status: 400,
    means: 'something in the request is missing or wrong',
    advice: 'its message says what: mend the file, then run sagecfg validate and sagecfg plan',
  },
  {
    status: 401,
    means: 'the User Secret, the Organization Secret or the element token is wrong',
    advice:
      'check SAGECFG_USER_SECRET and SAGECFG_ORGANIZATION_SECRET (or platform.userSecret and platform.organizationSecret), and that platform.baseUrl is the site which they belong to',
  },
  {
    status: 403,
    means: 'this user may not do that, or the instance is disabled',
    advice: 'use the secrets of a user with the right to manage instances, or enable the instance',
  },
  {
    status: 404,
    means: 'there is no such instance or element, or platform.baseUrl is not the address of the API',
    advice: 'run sagecfg plan again to see what is there now; the address ends with /elements/api-v2',
  },
  {
    status: 405,
    means: 'that address does not take this kind of request',
    advice: 'check platform.baseUrl: it ends with /elements/api-v2',
  },
  {
    status: 406,
    means: 'the platform does not answer with JSON there',
    advice: 'check platform.baseUrl: it ends with /elements/api-v2',
  },
  {
    status: 409,
    means: 'the request contradicts what is there now',
    advice: 'somebody else may be changing the same instance: run sagecfg plan again',
  },
  {
    status: 415,
    means: 'the platform does not take JSON there',
    advice: 'check platform.baseUrl: it ends with /elements/api-v2',
  },
  {
    status: 429,
    means: 'too many requests',
    advice: 'wait a little and run it again; --concurrency 1 asks for less at once',
    isPassing: true,
  },
  {
    status: 500,
    means: 'the platform failed',
    advice:
      'run it again: what is done already is not done twice. If it stays, give its support the request id',
    isUncertain: true,
    isPassing: true,
  },
  {
    status: 502,
    means: 'a gateway before the platform failed',
    advice: 'run it again: what is done already is not done twice',
    isUncertain: true,
    isPassing: true,
  },
  {
    status: 503,
    means: 'the platform is not available',
    advice: 'run it again later: what is done already is not done twice',
    isUncertain: true,
    isPassing: true,
  },
  {
    status: 504,
    means: 'a gateway gave up waiting for the platform',
    advice: 'run it again: what is done already is not done twice',
    isUncertain: true,
    isPassing: true,
  },
];

/** What the provider behind the platform says of a login, in the `providerMessage` of a 400 or 401. */
export const providerErrors: readonly {
  readonly pattern: RegExp;
  readonly means: string;
  readonly advice: string;
}[] = [
  {
    pattern: /invalid_grant/,
    means: 'the grant code or refresh token is used up, expired, or was given to another callback URL',
    advice:
      'a code lives 60 seconds and works once: get a new one, put it where providerData.code points to, and apply at once; oauth.callback.url must be the one that the code was asked with',
  },
  {
    pattern: /invalid_client|unauthorized_client/,
    means: 'the provider does not know this client id and secret',
    advice: 'check oauth.api.key and oauth.api.secret against the app at the provider',
  },
  {
    pattern: /redirect_uri/,
    means: 'the callback URL is not the one that is registered',
    advice: 'write oauth.callback.url exactly as it is registered at the provider',
  },
];

/** What to say of a status that is in no table. */
export function documentedErrorOf(status: number): DocumentedError {
  const known = documentedErrors.find((each) => each.status === status);
  if (known !== undefined) return known;
  if (status >= 500) return { status, ...unknownServerError };
  if (status >= 300 && status < 400)
    return { status, means: 'the address leads elsewhere', advice: 'set platform.baseUrl to where it leads' };
  return {
    status,
    means: 'the platform does not document this answer',
    advice: 'check platform.baseUrl, and give its support the request id',
  };
}

const unknownServerError = {
  means: 'the platform or a gateway before it failed',
  advice: 'run it again: what is done already is not done twice',
  isUncertain: true,
  isPassing: true,
} as const;
