import type { Delivery } from '../ports/delivery.ts';
import type { DryRun } from './dry-run.ts';

/** Refuses what the real delivery refuses, and sends nothing. */
export function dryDelivery(delivery: Delivery, dryRun: DryRun): Delivery {
  return {
    ...delivery,
    send: async ({ target, headers, body }) => {
      const isSigned = Object.keys(headers).some((name) => name.toLowerCase() === 'webhook-signature');
      dryRun.onNotification({ url: `${target.url.origin}${target.url.pathname}`, isSigned, body });
      return { kind: 'accepted', status: 200 };
    },
  };
}
