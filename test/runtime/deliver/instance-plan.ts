import { Secret } from '../../../src/model/secret.ts';
import type { InstancePlan } from '../../../src/runtime/poll-plan.ts';
import { planPoll } from '../poll/poll-plan.ts';

export function planInstance(differences: Partial<InstancePlan> = {}): InstancePlan {
  return {
    id: 'acme',
    number: 4711,
    elementKey: 'sageone',
    hubKey: 'finance',
    tags: ['north'],
    credentials: { clientId: 'client', clientSecret: new Secret('secret'), refreshToken: undefined },
    business: undefined,
    target: {
      url: new URL('https://receiver.example.com/hook'),
      signatureKey: new Secret('signature key'),
      basic: undefined,
    },
    polls: [planPoll()],
    ...differences,
  };
}
