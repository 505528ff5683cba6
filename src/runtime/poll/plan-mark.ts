import type { PollPlan } from '../poll-plan.ts';
import { hashRecord } from './event-id.ts';

/** Tells whether a scan that was interrupted asked for the same as one now would, and would understand it the same way. */
export function planMarkOf({ url, idField, updated, created }: PollPlan): string {
  return hashRecord({ url, idField, updated, created });
}
