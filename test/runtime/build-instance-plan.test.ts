import { describe, expect, it } from 'vitest';
import { lintText } from '../../src/lint/lint-text.ts';
import { buildInstancePlan } from '../../src/runtime/build-instance-plan.ts';
import type { InstancePlan } from '../../src/runtime/poll-plan.ts';

const configuration = {
  'oauth.api.key': '${env:CLIENT}',
  'oauth.api.secret': 'secret',
  'oauth.callback.url': 'https://app.example.com/oauth',
  'event.notification.callback.url': 'https://receiver.example.com/hook',
  'event.poller.configuration': {
    customers: {
      url: "/hubs/finance/customers?where=lastModifiedDate>='${date:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
      idField: 'id',
      datesConfiguration: {
        updatedDateField: 'updated_at',
        updatedDateFormat: 'yyyy-MM-dd',
        createdDateField: 'created_at',
      },
    },
  },
};

function planOf(
  differences: Record<string, unknown> = {},
  body: Record<string, unknown> = { name: 'acme' },
  options: Partial<Parameters<typeof buildInstancePlan>[1]> = {},
): InstancePlan {
  const text = JSON.stringify({
    element: { key: 'sageone' },
    ...body,
    configuration: { ...configuration, ...differences },
  });
  const [instance] = lintText(text).instances;
  if (instance === undefined) throw new Error('the text holds no instance');
  const references = { environment: { CLIENT: 'client' }, workingDirectory: '/' };
  const usual = { source: 'sage', references, intervalMs: undefined, business: undefined } as const;
  return buildInstancePlan(instance, { ...usual, ...options });
}

describe('buildInstancePlan', () => {
  it('fills in what the platform takes for granted', () => {
    expect(planOf().polls).toEqual([
      {
        key: 'acme/customers',
        instanceId: 'acme',
        resource: 'customers',
        url: configuration['event.poller.configuration'].customers.url,
        idField: 'id',
        updated: { field: 'updated_at', pattern: 'yyyy-MM-dd', zone: 'GMT' },
        created: { field: 'created_at', pattern: 'yyyy-MM-dd', zone: 'GMT' },
        filterByUpdatedDate: true,
        filterByCurrentDate: false,
        createdCheckToleranceMs: 10_000,
        pollDelayMs: 0,
        pageSize: 200,
        intervalMs: 15 * 60_000,
      },
    ]);
  });

  it('takes the usual id field for a blank one', () => {
    const entry = { ...configuration['event.poller.configuration'].customers, idField: ' ' };
    const [poll] = planOf({ 'event.poller.configuration': { customers: entry } }).polls;
    expect(poll?.idField).toBe('id');
  });

  it('reads numbers and switches that are written as text', () => {
    const entry = {
      ...configuration['event.poller.configuration'].customers,
      filterByUpdatedDate: 'false',
      filterByCurrentDate: true,
      createdCheckTolerance: '60',
      pollDelay: 30,
      pageSize: '50',
    };
    const plan = planOf({
      'event.poller.configuration': { customers: entry },
      'event.poller.refresh_interval': '0.5',
    });
    expect(plan.polls).toMatchObject([
      {
        filterByUpdatedDate: false,
        filterByCurrentDate: true,
        createdCheckToleranceMs: 60_000,
        pollDelayMs: 30_000,
        pageSize: 50,
        intervalMs: 30_000,
      },
    ]);
  });

  it('resolves references, and hides what is secret', () => {
    const plan = planOf({
      'event.notification.signature.key': 'key',
      'event.notification.basic.username': 'user',
    });
    expect(plan.credentials?.clientId).toBe('client');
    expect(plan.credentials?.clientSecret.reveal()).toBe('secret');
    expect(JSON.stringify(plan)).not.toContain('"key":"key"');
    expect(plan.target.signatureKey?.reveal()).toBe('key');
    expect(plan.target.basic?.username).toBe('user');
  });

  it.each<[string, Record<string, unknown>, Partial<InstancePlan>]>([
    ['its name', { name: 'acme' }, { id: 'acme' }],
    ['its element, where it has no name', {}, { id: 'sageone' }],
    ['the number that the platform gave it', { name: 'acme', id: 4711 }, { id: 'acme', number: 4711 }],
    ['its tags, in either form', { name: 'acme', tags: ['a', { id: 1, name: 'b' }] }, { tags: ['a', 'b'] }],
  ])('is known by %s', (_case, body, expected) => {
    expect(planOf({}, body)).toMatchObject(expected);
  });

  it('has a number of its own that never changes', () => {
    expect(planOf().number).toBe(planOf().number);
    expect(planOf().number).not.toBe(planOf({}, { name: 'other' }).number);
    expect(Number.isSafeInteger(planOf().number) && planOf().number > 0).toBe(true);
  });

  it('prefers its own business and the interval of the command', () => {
    const options = { business: 'of the command', intervalMs: 5000 };
    expect(planOf({}, { name: 'acme' }, options)).toMatchObject({
      business: 'of the command',
      polls: [{ intervalMs: 5000 }],
    });
    expect(planOf({ business: 'own' }, { name: 'acme' }, options).business).toBe('own');
  });

  it.each<[Record<string, unknown>, string]>([
    [{ 'event.poller.configuration': {} }, "has no resource in 'event.poller.configuration'"],
    [{ 'event.notification.enabled': 'false' }, "has 'event.notification.enabled' false"],
    [{ 'oauth.api.secret': '********' }, "has 'oauth.api.secret' masked"],
    [{ 'oauth.api.secret': '' }, "has no 'oauth.api.secret'"],
    [{ 'event.notification.callback.url': 'nowhere' }, 'that is not a URL'],
    [{ 'event.poller.refresh_interval': 'soon' }, 'that is no number of minutes'],
    [{ 'oauth.api.key': '${env:MISSING}' }, "environment variable 'MISSING' is not set"],
  ])('refuses %j', (differences, message) => {
    expect(() => planOf(differences)).toThrow(message);
  });
});
