import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { signatureBase, signRequest } from '../../src/sage/sign-request.ts';
import type { SignedRequest } from '../../src/sage/sign-request.ts';

interface Vector {
  readonly id: string;
  readonly version: 'v1' | 'v3';
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly body_params?: readonly (readonly [string, string])[];
  readonly resource_owner_id?: string;
  readonly nonce: string;
  readonly signing_secret: string;
  readonly access_token: string;
  readonly expected: { readonly signature_base_string: string; readonly signature: string };
}

/** Published by Sage in its parts; the signature was made with Sage's own Java sample. */
const publishedParts: readonly Vector[] = [
  {
    id: 'v1-post-contact',
    version: 'v1',
    method: 'POST',
    url: 'https://api.sageone.com/accounts/v1/contacts?config_setting=foo',
    body_params: [
      ['contact[contact_type_id]', '1'],
      ['contact[name]', 'My Customer'],
    ],
    nonce: 'd6657d14f6d3d9de453ff4b0dc686c6d',
    signing_secret: 'TestSigningSecret',
    access_token: 'TestToken',
    expected: {
      signature_base_string:
        'POST&https%3A%2F%2Fapi.sageone.com%2Faccounts%2Fv1%2Fcontacts&config_setting%3Dfoo%26contact%255Bcontact_type_id%255D%3D1%26contact%255Bname%255D%3DMy%2520Customer&d6657d14f6d3d9de453ff4b0dc686c6d',
      signature: 'dNtQmVJkpEem+qspHrMebHSezsg=',
    },
  },
];

const file = new URL('../../../shared/vectors/sage-request-signing.json', import.meta.url);
const vectors = existsSync(file)
  ? // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the file is described in the interface above
    (JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] }).vectors
  : publishedParts;

describe('the signature of a request to the legacy API', () => {
  it.each(vectors)('is that of $id', (vector) => {
    const request = requestOf(vector);
    const secrets = {
      signingSecret: new Secret(vector.signing_secret),
      accessToken: new Secret(vector.access_token),
    };
    expect(signatureBase(request)).toBe(vector.expected.signature_base_string);
    expect(signRequest(request, secrets)).toBe(vector.expected.signature);
  });
});

function requestOf({ version, method, url, nonce, ...vector }: Vector): SignedRequest {
  const common = { method, url: new URL(url), nonce };
  return version === 'v1'
    ? { ...common, version, form: vector.body_params ?? [] }
    : { ...common, version, body: vector.body ?? '', resourceOwnerId: vector.resource_owner_id ?? '' };
}
