import { isIP } from 'node:net';
import { Agent } from 'undici';
import { parseRetryAfter } from '../../../sage/retry-after.ts';
import { networkReason } from '../../../sage/sage-failure.ts';
import type { DeliveryTarget } from '../../poll-plan.ts';
import type { Delivery, DeliveryOutcome, DeliveryRequest } from '../../ports/delivery.ts';
import type { CallbackTls } from '../../callback-tls.ts';
import { rememberEach } from '../../remember-each.ts';
import { sendForAnswer } from './answer.ts';
import { createAddressRules } from './address-rules.ts';
import type { AddressRules } from './address-rules.ts';
import { AddressRefused, createGuardedConnect, refusalOf } from './guarded-connect.ts';

export interface CallbackRules {
  /** CIDR ranges that may be reached although they are not public. */
  readonly allow: readonly string[];
  readonly allowHttp: boolean;
  /** For receivers whose certificate comes from an authority of one's own, and for those that ask for ours. */
  readonly tls?: CallbackTls | undefined;
}

const connectTimeoutMs = 10_000;
const answerTimeoutMs = 15_000;
const connectionsPerOrigin = 16;

/** Delivers over HTTPS, and over HTTP where that is allowed. */
export function openHttpDelivery({ allow, allowHttp, tls }: CallbackRules, now: () => number): Delivery {
  const rules = createAddressRules(allow);
  const agent = new Agent({
    connections: connectionsPerOrigin,
    pipelining: 1,
    headersTimeout: answerTimeoutMs,
    connect: createGuardedConnect(rules, { timeout: connectTimeoutMs, ...tls }),
  });
  const refusal = (target: DeliveryTarget): string | undefined => refusalFor(target, { rules, allowHttp });
  // A target never changes: to look at its address once is to look at it each time.
  const refusals = rememberEach(refusal);
  return {
    refusal,
    send: async (delivery) => {
      const reason = refusals(delivery.target);
      return reason === undefined ? post(delivery, agent, now) : { kind: 'unreachable', reason };
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

function refusalFor(
  { url }: DeliveryTarget,
  { rules, allowHttp }: { readonly rules: AddressRules; readonly allowHttp: boolean },
): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `'${url.protocol}' is not https`;
  if (url.protocol === 'http:' && !allowHttp) {
    return 'http sends the records unencrypted; runtime.callback.allowHttp allows it';
  }
  if (url.username !== '' || url.password !== '') return 'the URL holds a user name or password';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !rules.isAllowed(host) ? refusalOf(host) : undefined;
}

async function post(
  { target, body, headers }: DeliveryRequest,
  agent: Agent,
  now: () => number,
): Promise<DeliveryOutcome> {
  const { origin, path } = addressOf(target);
  try {
    const { status, retryAfter, beginning } = await sendForAnswer(agent, {
      origin,
      path,
      method: 'POST',
      headers: {
        ...furtherHeaders(target),
        'content-type': 'application/json',
        ...authorization(target),
        ...headers,
      },
      body,
    });
    const answer = beginning === '' ? {} : { answer: beginning };
    if (status >= 200 && status < 300) return { kind: 'accepted', status, ...answer };
    const retryAfterMs = parseRetryAfter(retryAfter, now());
    const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { kind: 'rejected', status, ...answer, ...retry };
  } catch (error) {
    return { kind: 'unreachable', reason: reasonOf(error) };
  }
}

const addressOf = rememberEach(({ url }: DeliveryTarget) => ({
  origin: url.origin,
  path: `${url.pathname}${url.search}`,
}));

function furtherHeaders({ headers = {} }: DeliveryTarget): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));
}

function authorization({ basic }: DeliveryTarget): Record<string, string> {
  if (basic === undefined) return {};
  const credentials = Buffer.from(`${basic.username}:${basic.password.reveal()}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}

function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return error.message;
  return `no answer from the receiver: ${networkReason(error)}`;
}
