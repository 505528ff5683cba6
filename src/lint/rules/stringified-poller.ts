import type { Rule } from '../rule.ts';

export default {
  id: 'stringified-poller',
  severity: 'info',
  summary: 'a poller configuration that is written as JSON inside a string',
  why: 'The platform returns it like this and takes it back. Nobody reads or reviews it well, and a change shows as one changed line. The platform takes an object just as well.',
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration: \'{"customers": {"url": "/hubs/ecommerce/customers", "idField": "id"}}\'\n',
      says: ['the poller configuration is JSON inside a string: expected an object'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n',
    },
  ],
  check({ kind, poller }) {
    // An export is what the platform answered: nobody wrote it.
    if (kind !== 'instance' || poller?.stringified !== true || poller.key === undefined) return [];
    return [
      {
        leaf: poller.key,
        message: 'the poller configuration is JSON inside a string: expected an object',
        help: 'The platform takes both. An object needs no escapes, and a change of it can be reviewed.',
      },
    ];
  },
} satisfies Rule;
