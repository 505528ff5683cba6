import type { Rule } from '../rule.ts';

export default {
  id: 'signature-secret-unused',
  severity: 'warning',
  summary: 'the Signing Secret of Sage, which nothing checks any more',
  why: 'It signed requests to the first two versions of the Sage One API. No Sage API has checked it since November 2017, and sagecfg does not use it. It is often taken for `event.notification.signature.key`, which signs the notifications that you receive: that is another key, and yours to choose.',
  supersedes: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  signature.secret: ${env:SAGE_SIGNING_SECRET}\n',
      says: ['"signature.secret" has no use since November 2017: expected none'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.notification.signature.key: ${env:CALLBACK_SIGNATURE_KEY}\n',
    },
  ],
  check({ elementKey, configuration, kind }) {
    const secret = configuration.get('signature.secret');
    const value = typeof secret?.value === 'string' ? secret.value.trim() : '';
    if (secret === undefined || elementKey?.value !== 'sageone' || value === '') return [];
    if (kind === 'instance-export') return [];
    return [
      {
        leaf: secret,
        message: '"signature.secret" has no use since November 2017: expected none',
        help: 'Take it out. It does not sign your notifications: event.notification.signature.key does.',
      },
    ];
  },
} satisfies Rule;
