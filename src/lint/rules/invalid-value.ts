import type { Rule } from '../rule.ts';

export default {
  id: 'invalid-value',
  severity: 'error',
  summary: 'a value of the right type that the key does not take',
  why: 'The key takes one of a few words, or a number within limits, or may not be empty.',
  examples: [
    {
      bad: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pollDelay: -60\n',
      says: ['expected a whole number of seconds, such as 60, found -60'],
      good: 'customers:\n  url: /hubs/finance/customers\n  idField: id\n  pollDelay: 60\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.poller.configuration: ""\n',
      says: ['the poller configuration is empty: expected an entry for each resource'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers}\n',
    },
  ],
  check({ kind, configuration }) {
    const poller = configuration.get('event.poller.configuration');
    if (typeof poller?.value !== 'string' || poller.value.trim() !== '') return [];
    // The platform answers an empty text for an instance that polls nothing.
    const isOn = String(configuration.get('event.notification.enabled')?.value) === 'true';
    const isWebhook = String(configuration.get('event.vendor.type')?.value ?? '').startsWith('webhook');
    if (kind === 'instance-export' || !isOn || isWebhook) return [];
    return [
      {
        leaf: poller,
        severity: 'warning',
        message: 'the poller configuration is empty: expected an entry for each resource',
        help: 'Events are on, and nothing is polled. Write entries, or take the key out.',
      },
    ];
  },
} satisfies Rule;
