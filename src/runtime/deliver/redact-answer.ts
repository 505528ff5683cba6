import { Secret } from '../../model/secret.ts';
import type { DeliveryTarget } from '../poll-plan.ts';
import { rememberEach } from '../remember-each.ts';

const redacted = '[redacted]';

/** Whoever echoes a request echoes its headers. */
const lookalikes: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, redacted],
];

/** A receiver's answer without the secrets that it was sent, and without whatever looks like one. */
export function redactAnswer(answer: string, target: DeliveryTarget): string {
  let text = answer;
  for (const secret of secretsOf(target)) text = text.replaceAll(secret, redacted);
  for (const [pattern, replacement] of lookalikes) text = text.replaceAll(pattern, replacement);
  return text;
}

/** A target never changes. */
const secretsOf = rememberEach((target: DeliveryTarget) => secretsIn(target));

/** Longest first: one may begin with another. */
function secretsIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const collect = (part: unknown): void => {
    if (part instanceof Secret) found.push(part.reveal());
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(collect);
  };
  collect(value);
  return found.filter((text) => text !== '').toSorted((left, right) => right.length - left.length);
}
