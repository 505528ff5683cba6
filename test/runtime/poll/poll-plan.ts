import type { PollPlan } from '../../../src/runtime/poll-plan.ts';

const sageDate = { pattern: "yyyy-MM-dd'T'HH:mm:ss'Z'", zone: 'GMT' };

/** The recommended entry of customers, as a plan. */
export function planPoll(differences: Partial<PollPlan> = {}): PollPlan {
  return {
    key: 'acme/customers',
    instanceId: 'acme',
    resource: 'customers',
    url: "/hubs/finance/customers?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
    idField: 'id',
    updated: { ...sageDate, field: 'updated_at' },
    created: { ...sageDate, field: 'created_at' },
    filterByUpdatedDate: true,
    filterByCurrentDate: false,
    createdCheckToleranceMs: 10_000,
    pollDelayMs: 0,
    pageSize: 200,
    intervalMs: 60_000,
    ...differences,
  };
}
