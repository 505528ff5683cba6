import type { Fault } from '../faults/fault.ts';
import type { Caller } from '../traffic.ts';
import type { Answer, ReceivedRequest } from './answer.ts';

/** One door of the simulated Sage. A new mode is a new file that makes one of these. */
export interface Endpoint {
  /** As faults name it. */
  readonly name: string;
  readonly accepts: (path: string) => boolean;
  /** Reads without changing anything: counting and faults come before handling. */
  readonly identify: (request: ReceivedRequest) => Caller;
  readonly handle: (request: ReceivedRequest, faults: readonly Fault[]) => Answer;
  /** Where it does not answer as Sage does: the answer of a fault, in its own shape. */
  readonly answerOfFault?: (fault: Fault) => Answer | undefined;
}
