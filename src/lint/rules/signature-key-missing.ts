import { keyOf } from '../key-place.ts';
import { isMisspelt } from '../misspelt-key.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'signature-key-missing',
  severity: 'info',
  summary: 'notifications that carry no proof of where they come from',
  why: 'Whoever learns the callback URL can send made-up events to it. With `event.notification.signature.key` each notification is signed (`Elements-Webhook-Signature`), and the receiver can refuse what is not. Basic authentication at the callback is a proof as well.',
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.notification.callback.url: https://app.example.com/events\n',
      says: ['notifications are not signed: expected "event.notification.signature.key"'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.notification.callback.url: https://app.example.com/events\n  event.notification.signature.key: ${env:CALLBACK_SIGNATURE_KEY}\n',
    },
  ],
  check(instance) {
    const { configuration } = instance;
    const isGiven = (key: string): boolean => String(configuration.get(key)?.value ?? '').trim() !== '';
    const callback = configuration.get('event.notification.callback.url');
    if (callback === undefined || !/^\s*https:/i.test(String(callback.value))) return [];
    if (String(configuration.get('event.notification.enabled')?.value) !== 'true') return [];
    if (isGiven('event.notification.signature.key') || isGiven('event.notification.basic.username'))
      return [];
    if (isGiven('event.notification.callback.headers')) return [];
    if (isMisspelt(instance, 'event.notification.signature.key')) return [];
    return [
      {
        leaf: keyOf(callback),
        message: 'notifications are not signed: expected "event.notification.signature.key"',
        help: 'Your receiver cannot tell events from what anyone else sends to the same URL. Make a key with: openssl rand -base64 32',
      },
    ];
  },
} satisfies Rule;
