import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { createObservation } from '../../../src/runtime/observe/observation.ts';
import type { Source } from '../../../src/runtime/ports/source.ts';
import { planPoll } from '../poll/poll-plan.ts';

describe('createObservation', () => {
  it('keeps what it has learnt out of a failure, before anybody writes it down', async () => {
    const observation = createObservation(() => undefined);
    observation.learn({ credentials: { clientSecret: new Secret('planted-secret') } });
    const source: Source = {
      refusal: () => undefined,
      deletionSight: () => ({ kind: 'blind', why: '' }),
      readPage: async () => ({
        kind: 'failed',
        failure: { kind: 'lasting', message: "Sage answered 400: no app 'planted-secret'" },
      }),
      [Symbol.asyncDispose]: async () => undefined,
    };
    const request = {
      poll: planPoll(),
      kind: 'changes',
      sinceMs: 0,
      pageSize: 1,
      cursor: undefined,
    } as const;
    const result = await observation.overSource(source).readPage(request, new AbortController().signal);
    expect(result).toMatchObject({ failure: { message: "Sage answered 400: no app '[redacted]'" } });
  });
});
