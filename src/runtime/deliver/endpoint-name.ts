import { createHash } from 'node:crypto';
import type { DeliveryTarget } from '../poll-plan.ts';
import { rememberEach } from '../remember-each.ts';

/**
 * Names a receiver in the state and in what people see. What may be secret in an address, its query, is replaced by a few
 * letters that still tell two of them apart.
 */
export const endpointNameOf = rememberEach(nameOf);

function nameOf({ url: { origin, pathname, search } }: Pick<DeliveryTarget, 'url'>): string {
  if (search === '') return `${origin}${pathname}`;
  const mark = createHash('sha256').update(search).digest('hex').slice(0, 6);
  return `${origin}${pathname}?…${mark}`;
}
