import type { Rule } from '../rule.ts';

export default {
  id: 'poller-with-webhook',
  severity: 'warning',
  summary: 'a poller configuration beside the event type webhook',
  why: 'With `event.vendor.type: webhook` the platform waits for the provider to call it and polls nothing. The poller configuration is kept and never used. Say `polling`, or take the poller configuration out.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.vendor.type: webhooks\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n',
      says: ['nothing is polled: event.vendor.type is "webhooks", expected "polling"'],
      good: 'element: {key: shop}\nconfiguration:\n  event.vendor.type: polling\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n',
    },
  ],
  check({ configuration, poller }) {
    const type = configuration.get('event.vendor.type');
    const value = String(type?.value ?? '');
    if (type === undefined || poller === undefined || !/^webhooks?$/.test(value)) return [];
    return [
      {
        leaf: type,
        message: `nothing is polled: event.vendor.type is "${value}", expected "polling"`,
        help: 'The platform waits for the provider to call it, and never looks at the poller configuration.',
        fix: { safe: false, title: 'write "polling"', edits: [type.editOf(0, value.length, 'polling')] },
      },
    ];
  },
} satisfies Rule;
