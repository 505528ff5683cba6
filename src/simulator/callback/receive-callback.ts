import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { answerOfFault, bendEnding } from '../faults/answer-of-fault.ts';
import type { FaultScript } from '../faults/fault-script.ts';
import { findFault } from '../faults/fault-script.ts';
import type { Answer, Outcome, ReceivedRequest } from '../http/answer.ts';
import { headerOf, jsonAnswer } from '../http/answer.ts';
import type { Tenant } from '../tenant.ts';
import type { Delivery } from './delivery.ts';
import { readNotification } from './read-notification.ts';
import type { Verdict } from './verify-signature.ts';
import { verifyPlatformSignature, verifyStandardSignature } from './verify-signature.ts';

export interface CallbackOptions {
  readonly clock: Clock;
  readonly tenants: readonly Tenant[];
  readonly faults: FaultScript;
  /** Appended to, one entry per request. */
  readonly ledger: Delivery[];
  /** Ends every wait when the simulator closes. */
  readonly closing: AbortSignal;
}

/** A customer's receiver: `/callback/<tenant>`, checks both signatures, keeps a ledger of everything that came. */
export async function receiveCallback(request: ReceivedRequest, options: CallbackOptions): Promise<Outcome> {
  const { clock, tenants, faults, ledger, closing } = options;
  const name = /^\/callback\/(?<tenant>[^/]+)$/.exec(request.path)?.groups?.['tenant'];
  const tenant = tenants.find((each) => each.name === decodeURIComponent(name ?? ''));
  if (tenant === undefined) return jsonAnswer(404, { error: 'no such tenant' });
  const text = `${request.query.toString()}\n${request.body.toString()}`;
  const taken = faults.take({ on: 'callback', path: request.path, tenant: tenant.name, text });
  const webhookId = headerOf(request, 'webhook-id');
  const events = readNotification(request.body, webhookId);
  const platformSignature = verifyPlatformSignature(request, tenant.signatureKey);
  const standardSignature = verifyStandardSignature(request, tenant.signatureKey);
  const record = (outcome: Outcome, isProcessed: boolean): Outcome => {
    ledger.push({
      sequence: ledger.length + 1,
      receivedAtMs: clock.nowMs(),
      tenant: tenant.name,
      webhookId,
      events: events ?? [],
      bodyHash: createHash('sha256').update(request.body).digest('hex'),
      platformSignature,
      standardSignature,
      status: outcome === 'drop' ? undefined : outcome.status,
      isProcessed,
    });
    return outcome;
  };

  const drop = findFault(taken, 'drop');
  if (drop?.when === 'before') return record('drop', false);
  const slow = findFault(taken, 'slow');
  if (slow !== undefined) await clock.wait(slow.delayMs, closing);
  const answer = taken.map(answerOfFault).find((each) => each !== undefined);
  if (answer !== undefined) return record(answer, isSuccess(answer));
  const refusal = refusalOf(request, events !== undefined, platformSignature, standardSignature);
  if (refusal !== undefined) return record(refusal, false);
  return record(drop === undefined ? bendEnding(jsonAnswer(200, {}), taken) : 'drop', true);
}

function refusalOf(
  { method }: ReceivedRequest,
  isNotification: boolean,
  platform: Verdict,
  standard: Verdict,
): Answer | undefined {
  if (method !== 'POST') return jsonAnswer(405, { error: 'a notification is a POST' });
  if (platform !== 'valid' || standard === 'invalid') return jsonAnswer(401, { error: 'signature' });
  return isNotification ? undefined : jsonAnswer(400, { error: 'not a notification' });
}

/** A script may answer any 2xx: then the receiver did take it. */
function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}
