import { isMisspelt } from '../misspelt-key.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'events-disabled',
  severity: 'warning',
  summary: 'a poller configuration that never runs, because events are off',
  why: '`event.notification.enabled` is false unless it says true. With it off the platform keeps the poller configuration and polls nothing, without a word.',
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: false\n  event.notification.callback.url: https://app.example.com/events\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n',
      says: ['nothing is polled: event.notification.enabled is false'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.notification.callback.url: https://app.example.com/events\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n',
    },
  ],
  check(instance) {
    const enabled = instance.configuration.get('event.notification.enabled');
    if (instance.poller === undefined || instance.kind === 'poller-configuration') return [];
    if (enabled !== undefined && String(enabled.value) !== 'false') return [];
    if (isMisspelt(instance, 'event.notification.enabled')) return [];
    const help = 'Set "event.notification.enabled" to true, or take the poller configuration out.';
    if (enabled !== undefined)
      return [{ leaf: enabled, message: 'nothing is polled: event.notification.enabled is false', help }];
    const leaf = instance.poller.key;
    if (leaf === undefined) return [];
    return [
      {
        leaf,
        message: 'nothing is polled: event.notification.enabled is missing, and it is false by default',
        help,
      },
    ];
  },
} satisfies Rule;
