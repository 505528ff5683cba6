import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { compareInstances } from '../../src/runtime/compare-instances.ts';
import { planInstance } from './deliver/instance-plan.ts';
import { planPoll } from './poll/poll-plan.ts';

describe('compareInstances', () => {
  it('finds nothing where nothing changed', () => {
    expect(compareInstances([planInstance()], [planInstance()])).toEqual({
      added: [],
      removed: [],
      changed: [],
      renamed: [],
    });
  });

  it('names what came and what went', () => {
    const [north, south] = [planInstance({ id: 'north' }), planInstance({ id: 'south' })];
    const other = { ...south, business: 'b2' };
    expect(compareInstances([north], [other])).toEqual({
      added: ['south'],
      removed: ['north'],
      changed: [],
      renamed: [],
    });
  });

  it('knows an instance again that only has another name, unless it could be one of two', () => {
    const [north, south, west] = ['north', 'south', 'west'].map((id) => planInstance({ id }));
    if (north === undefined || south === undefined || west === undefined) throw new Error('three were made');
    expect(compareInstances([north], [south]).renamed).toEqual([{ from: 'north', to: 'south' }]);
    expect(compareInstances([north], [south, west]).renamed).toEqual([]);
    expect(compareInstances([north, south], [west]).renamed).toEqual([]);
  });

  it('tells what changed within an instance, field by field, and no secret', () => {
    const credentials = { clientId: 'client', clientSecret: new Secret('old'), refreshToken: undefined };
    const before = planInstance({ business: 'b1', credentials });
    const after = planInstance({
      business: undefined,
      credentials: { ...credentials, clientSecret: new Secret('planted') },
      target: { ...before.target, url: new URL('https://receiver.example.com/hook?key=planted') },
      polls: [
        planPoll({ intervalMs: 5000, filterByCurrentDate: true }),
        planPoll({ resource: 'invoices', key: 'acme/invoices', updated: undefined, created: undefined }),
      ],
    });
    const [changed] = compareInstances([before], [after]).changed;
    expect(changed?.differences).toEqual([
      'credentials.clientSecret changed',
      'business is gone',
      'target.url changed',
      'customers.filterByCurrentDate false → true',
      'customers.intervalMs 60000 → 5000',
      expect.stringContaining('invoices.url is new: "/hubs/finance/customers'),
      'invoices.idField is new: "id"',
      'invoices.filterByUpdatedDate is new: true',
      'invoices.filterByCurrentDate is new: false',
      'invoices.createdCheckToleranceMs is new: 10000',
      'invoices.pollDelayMs is new: 0',
      'invoices.pageSize is new: 200',
      'invoices.intervalMs is new: 60000',
    ]);
  });
});
