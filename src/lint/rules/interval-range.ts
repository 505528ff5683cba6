import type { Rule, RuleReport } from '../rule.ts';

const minutesADay = 24 * 60;

export default {
  id: 'interval-range',
  severity: 'error',
  summary: 'a refresh interval that cannot work',
  why: 'The interval is a whole number of minutes from 1; 15 is usual. From 31 days on a Sage grant dies between two polls, because its refresh token lives 31 days; more than a day is rarely meant.',
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: 0\n',
      says: ['interval of 0 minutes: expected a whole number from 1'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: 15\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: "2.5"\n',
      says: ['interval of 2.5 minutes: expected a whole number from 1'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: "15"\n',
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: 900\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n  event.notification.enabled: true\n  event.notification.callback.url: https://app.example.com/events\n',
      says: ['interval of 900 minutes is 15 hours: were seconds meant?'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: 15\n  event.poller.configuration:\n    customers: {url: /hubs/ecommerce/customers, idField: id}\n  event.notification.enabled: true\n  event.notification.callback.url: https://app.example.com/events\n',
    },
  ],
  check({ configuration }): Iterable<RuleReport> {
    const leaf = configuration.get('event.poller.refresh_interval');
    const text = String(leaf?.value ?? '');
    if (leaf === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return [];
    const minutes = Number(text);
    if (!Number.isInteger(minutes) || minutes < 1) {
      const help = 'It is in minutes, and polls do not come closer than one a minute.';
      return [{ leaf, message: `interval of ${text} minutes: expected a whole number from 1`, help }];
    }
    if (minutes > minutesADay) {
      return [
        {
          leaf,
          severity: 'warning',
          message: `interval of ${text} minutes is ${inWords(minutes)}`,
          help: idleHelp(minutes),
        },
      ];
    }
    if (![300, 600, 900, 1200].includes(minutes)) return [];
    const message = `interval of ${text} minutes is ${inWords(minutes)}: were seconds meant?`;
    return [
      {
        leaf,
        severity: 'info',
        message,
        help: `The interval is in minutes. ${minutes} seconds are ${minutes / 60} minutes.`,
      },
    ];
  },
} satisfies Rule;

function inWords(minutes: number): string {
  const hours = minutes / 60;
  return hours < 48 ? `${Number(hours.toFixed(1))} hours` : `${Number((hours / 24).toFixed(1))} days`;
}

function idleHelp(minutes: number): string {
  if (minutes < 31 * minutesADay) return 'Changes are that old when they are delivered. 15 is usual.';
  return 'A Sage grant that is not used for 31 days ends, and a person has to log in again.';
}
