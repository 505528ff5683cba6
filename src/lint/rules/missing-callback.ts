import { isMisspelt } from '../misspelt-key.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'missing-callback',
  severity: 'warning',
  summary: 'events are on, but there is nowhere to send them',
  why: 'Without `event.notification.callback.url` every change is found and dropped. Only a formula that runs inside the platform does without one.',
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n',
      says: ['events are enabled, but "event.notification.callback.url" is missing'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.notification.callback.url: https://app.example.com/events\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.notification.callback.url: ""\n',
      says: ['events are enabled, but "event.notification.callback.url" is empty'],
      good: 'element: {key: shop}\nconfiguration:\n  event.notification.enabled: true\n  event.notification.callback.url: https://app.example.com/events\n',
    },
  ],
  check(instance) {
    const { configuration } = instance;
    const enabled = configuration.get('event.notification.enabled');
    const url = configuration.get('event.notification.callback.url');
    if (enabled === undefined || String(enabled.value) !== 'true') return [];
    // Some vendor definitions have "false" as the default of this URL: it means none.
    const isEmpty = url !== undefined && ['', 'false', 'null'].includes(String(url.value ?? '').trim());
    if ((url !== undefined && !isEmpty) || isMisspelt(instance, 'event.notification.callback.url')) return [];
    return [
      {
        leaf: url ?? enabled,
        message: `events are enabled, but "event.notification.callback.url" is ${isEmpty ? 'empty' : 'missing'}`,
        help: 'Name the https URL of your receiver.',
      },
    ];
  },
} satisfies Rule;
