import type { SageFailure, SageFailureKind } from '../../../sage/sage-failure.ts';
import type { SourceFailure } from '../../ports/source.ts';

const meaning: Record<SageFailureKind, SourceFailure['kind']> = {
  unauthorised: 'lasting',
  subscription: 'lasting',
  reauthorise: 'reauthorise',
  forbidden: 'lasting',
  missing: 'lasting',
  throttled: 'temporary',
  server: 'overloaded',
  network: 'temporary',
  business: 'lasting',
  malformed: 'temporary',
  refused: 'lasting',
};

/** What a failed request means for the poll. */
export function toSourceFailure({ kind, message, retryAfterMs }: SageFailure): SourceFailure {
  return { kind: meaning[kind], message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
