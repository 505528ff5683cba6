import { keyOf } from '../key-place.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'legacy-poller-urls',
  severity: 'warning',
  summary: 'the old form of a poller configuration, with fields between bars',
  why: '`event.poller.urls` is what came before `event.poller.configuration`: one line for each resource, `name|url|filter|updated field|format|zone|created field|format|zone`. The platform announced that it would move them over by itself; `sagecfg run` reads the new form only. Where both are there, nobody says which one counts.',
  examples: [
    {
      bad: "element: {key: shop}\nconfiguration:\n  event.poller.urls: contacts|/hubs/crm/contacts?where=updated>'${epoch}'||updated|milliseconds|GMT|created|milliseconds|GMT\n",
      says: ['"event.poller.urls" is the old form: expected "event.poller.configuration"'],
      good: "element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    contacts:\n      url: /hubs/crm/contacts?where=updated>'${epoch}'\n      idField: id\n      datesConfiguration:\n        updatedDateField: updated\n        updatedDateFormat: milliseconds\n        createdDateField: created\n        createdDateFormat: milliseconds\n",
    },
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.urls: contacts|leads\n  event.poller.configuration:\n    contacts: {url: /hubs/crm/contacts, idField: id}\n',
      says: [
        '"event.poller.urls" stands beside "event.poller.configuration": expected only the configuration',
      ],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.configuration:\n    contacts: {url: /hubs/crm/contacts, idField: id}\n',
    },
  ],
  check({ kind, configuration, poller }) {
    const urls = configuration.get('event.poller.urls');
    if (urls === undefined || String(urls.value ?? '').trim() === '') return [];
    const isBeside = poller !== undefined;
    // In an export it is the platform's own leftover.
    if (isBeside && kind === 'instance-export') return [];
    return [
      {
        leaf: keyOf(urls),
        message: isBeside
          ? '"event.poller.urls" stands beside "event.poller.configuration": expected only the configuration'
          : '"event.poller.urls" is the old form: expected "event.poller.configuration"',
        help: isBeside
          ? 'Two answers to what is polled. Take the old one out.'
          : 'Write one entry for each line: url, idField and datesConfiguration. The fields of a line are name, url, filter, then field, format and zone of the updated and of the created date.',
      },
    ];
  },
} satisfies Rule;
