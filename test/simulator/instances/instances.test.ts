import { expect, test } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { fieldOf, readAnswer } from '../sage-session.ts';
import type { SageAnswer } from '../sage-session.ts';

const callbackUrl = 'http://127.0.0.1/callback';

test('an instance is created with a code, shown with its secrets once, and masked from then on', async () => {
  await using simulator = await startSimulator({ initialObjects: 0 });
  const body = { ...bodyOf(simulator), providerData: { code: await grantCode(simulator) } };
  const created = await call(simulator, 'POST', '/instances', body);
  expect(created).toMatchObject({
    status: 200,
    body: { name: 'acme', tags: ['Test'], valid: true, user: {}, externalAuthentication: 'none' },
  });
  const [tenant] = simulator.tenants;
  expect(fieldOf(fieldOf(created.body, 'configuration'), 'oauth.api.secret')).toBe(tenant?.clientSecret);
  const read = await call(simulator, 'GET', `/instances/${idOf(created)}`);
  expect(fieldOf(read.body, 'token')).toBe(fieldOf(created.body, 'token'));
  expect(fieldOf(read.body, 'configuration')).toMatchObject({
    'oauth.api.key': '********',
    'oauth.api.secret': '********',
    'signature.secret': 'shown',
    'event.notification.enabled': 'true',
    'event.notification.callback.url': null,
    'event.poller.configuration': '{"customers":{"url":"/hubs/finance/customers","idField":"id"}}',
  });
  const again = await call(simulator, 'POST', '/instances', body);
  expect(again).toMatchObject({ status: 400, body: { providerMessage: 'invalid_grant' } });
});

test('a list has pages, filters by tag and text, and is a 404 when it would be empty', async () => {
  await using simulator = await startSimulator({ initialObjects: 0 });
  expect(await call(simulator, 'GET', '/instances')).toMatchObject({
    status: 404,
    body: { requestId: expect.any(String), message: 'No element instances found' },
  });
  for (let index = 0; index < 5; index += 1)
    simulator.instances.add({
      elementKey: 'sageone',
      name: `tenant-${index}`,
      tags: index % 2 === 0 ? ['even'] : [],
      configuration: {},
    });
  const first = await call(simulator, 'GET', '/instances?pageSize=2');
  expect(names(first)).toEqual(['tenant-0', 'tenant-1']);
  const next = first.headers.get('elements-next-page-token');
  expect(names(await call(simulator, 'GET', `/instances?pageSize=3&nextPage=${next}`))).toEqual([
    'tenant-2',
    'tenant-3',
    'tenant-4',
  ]);
  expect(names(await call(simulator, 'GET', '/instances?tags[]=even&hydrate=false'))).toHaveLength(3);
  expect(names(await call(simulator, 'GET', '/instances?searchText=T-3'))).toEqual(['tenant-3']);
});

test('PATCH merges, PUT logs in again and keeps the id, DELETE removes', async () => {
  await using simulator = await startSimulator({ initialObjects: 0 });
  const path = `/instances/${idOf(await create(simulator))}`;
  const patched = await call(simulator, 'PATCH', path, {
    name: 'other',
    configuration: { 'event.poller.refresh_interval': 5 },
  });
  expect(patched.body).toMatchObject({
    name: 'other',
    configuration: { 'event.poller.refresh_interval': '5', country: 'GB' },
  });
  expect(await call(simulator, 'PUT', path, bodyOf(simulator))).toMatchObject({ status: 400 });
  const login = { ...initialBody(simulator), name: 'third' };
  const replaced = await call(simulator, 'PUT', path, login);
  expect(replaced.body).toMatchObject({
    name: 'third',
    configuration: { 'event.poller.refresh_interval': '15' },
  });
  expect(await call(simulator, 'DELETE', path)).toMatchObject({ status: 200 });
  expect(await call(simulator, 'GET', path)).toMatchObject({ status: 404 });
});

test('one item of a configuration is read and changed by its id', async () => {
  await using simulator = await startSimulator({ initialObjects: 0 });
  const path = `/instances/${idOf(await create(simulator))}/configuration`;
  const { body } = await call(simulator, 'GET', path);
  const item = Array.isArray(body) ? body.find((each) => fieldOf(each, 'key') === 'country') : undefined;
  const itemPath = `${path}/${String(fieldOf(item, 'id'))}`;
  const changed = await call(simulator, 'PATCH', itemPath, { ...item, propertyValue: 'IE' });
  expect(changed.body).toMatchObject({ key: 'country', propertyValue: 'IE' });
  expect(await call(simulator, 'GET', itemPath)).toMatchObject({ body: { propertyValue: 'IE' } });
});

test('the URL of the login leads to the simulated Sage, which answers with a code', async () => {
  await using simulator = await startSimulator({ initialObjects: 0 });
  expect(await grantCode(simulator)).toMatch(/^GB\//);
  expect(await call(simulator, 'GET', '/elements/sageone/oauth/url?apiKey=x')).toMatchObject({
    status: 400,
    body: { message: 'Missing required parameter: apiSecret' },
  });
});

test.each<[string, string, string, Partial<RequestInit>, number, string]>([
  [
    'wrong secrets',
    'GET',
    '/instances',
    { headers: { authorization: 'User a, Organization b' } },
    401,
    'Invalid User Secret',
  ],
  ['an unknown id', 'GET', '/instances/1', {}, 404, 'No element instance found with ID 1'],
  ['another path', 'GET', '/instances/1/docs', {}, 404, 'No resource found'],
  ['an unknown method', 'PATCH', '/instances', {}, 405, "Request method 'PATCH' not supported"],
  ['no JSON wanted', 'GET', '/instances', { headers: { accept: 'text/xml' } }, 406, 'application/json'],
  [
    'a body of another type',
    'POST',
    '/instances',
    { headers: { 'content-type': 'text/plain' }, body: '{}' },
    415,
    'Content type',
  ],
  ['no JSON', 'POST', '/instances', { body: '{' }, 400, 'not a JSON object'],
  ['no element', 'POST', '/instances', { body: '{}' }, 400, 'Missing required parameter: element.key'],
  [
    'another element',
    'POST',
    '/elements/shop/instances',
    { body: '{}' },
    404,
    'No element found with key or ID shop',
  ],
  [
    'no configuration',
    'POST',
    '/elements/sageone/instances',
    { body: '{}' },
    400,
    'Missing required parameter: configuration',
  ],
  [
    'no client',
    'POST',
    '/elements/sageone/instances',
    { body: '{"configuration":{}}' },
    400,
    'Missing required configuration: oauth.api.key',
  ],
])('%s is answered in the documented shape', async (_what, method, path, init, status, message) => {
  await using simulator = await startSimulator({ initialObjects: 0 });
  const answer = await readAnswer(
    await fetch(`${simulator.platformUrl}${path}`, {
      method,
      ...init,
      headers: { ...headersOf(simulator), ...Object.fromEntries(new Headers(init.headers)) },
    }),
  );
  expect(answer.status).toBe(status);
  expect(Object.keys(Object(answer.body))).toEqual(['requestId', 'message']);
  expect(fieldOf(answer.body, 'message')).toContain(message);
});

test('faults come in the shape of the platform, and a lost answer has done its work', async () => {
  await using simulator = await startSimulator({ initialObjects: 0 });
  simulator.faults.add(
    { on: 'instances', kind: 'rate-limit', retryAfter: '1' },
    { on: 'instances', kind: 'status', status: 409, skip: 1 },
    { on: 'instances', kind: 'drop', when: 'after', skip: 2 },
  );
  const limited = await call(simulator, 'GET', '/instances');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
  expect(limited.body).toMatchObject({ requestId: expect.any(String), message: 'Too many requests' });
  expect(await call(simulator, 'GET', '/instances')).toMatchObject({ status: 409 });
  await expect(create(simulator)).rejects.toThrow('fetch failed');
  expect(simulator.instances.list()).toHaveLength(1);
});

function bodyOf(simulator: Simulator) {
  const [tenant] = simulator.tenants;
  return {
    element: { key: 'sageone' },
    name: 'acme',
    tags: ['Test'],
    configuration: {
      'oauth.api.key': tenant?.clientId,
      'oauth.api.secret': tenant?.clientSecret,
      'oauth.callback.url': callbackUrl,
      'signature.secret': 'shown',
      country: 'GB',
      'event.notification.enabled': true,
      'event.poller.configuration': { customers: { url: '/hubs/finance/customers', idField: 'id' } },
    },
  };
}

/** Needs no code: the tokens were obtained elsewhere. */
function initialBody(simulator: Simulator) {
  const body = bodyOf(simulator);
  const configuration = {
    ...body.configuration,
    'oauth.user.refresh_token': simulator.tenants[0]?.refreshToken,
  };
  return { ...body, externalAuthentication: 'initial', configuration };
}

async function create(simulator: Simulator): Promise<SageAnswer> {
  return await call(simulator, 'POST', '/instances', initialBody(simulator));
}

async function grantCode(simulator: Simulator): Promise<string> {
  const [tenant] = simulator.tenants;
  const query = new URLSearchParams({
    apiKey: tenant?.clientId ?? '',
    apiSecret: tenant?.clientSecret ?? '',
    callbackUrl,
  });
  const answer = await call(simulator, 'GET', `/elements/sageone/oauth/url?${query.toString()}`);
  const page = await fetch(String(fieldOf(answer.body, 'oauthUrl')), { redirect: 'manual' });
  return new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

async function call(simulator: Simulator, method: string, path: string, body?: unknown): Promise<SageAnswer> {
  return await readAnswer(
    await fetch(`${simulator.platformUrl}${path}`, {
      method,
      headers: headersOf(simulator),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
}

function headersOf({ instances }: Simulator): Record<string, string> {
  return {
    authorization: `User ${instances.userSecret}, Organization ${instances.organizationSecret}`,
    accept: 'application/json',
    'content-type': 'application/json',
  };
}

function idOf({ body }: SageAnswer): string {
  return String(fieldOf(body, 'id'));
}

function names({ body }: SageAnswer): readonly unknown[] {
  return Array.isArray(body) ? body.map((each) => fieldOf(each, 'name')) : [];
}
