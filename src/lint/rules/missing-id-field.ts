import { entryOf } from '../../document/node.ts';
import { insertAfter, isWrittenIn } from '../../document/splice.ts';
import type { Entry } from '../../model/model.ts';
import type { Fix } from '../../problem/problem.ts';
import type { EntriesView, Rule } from '../rule.ts';

export default {
  id: 'missing-id-field',
  severity: 'warning',
  summary: 'an entry that does not say which field is the id of a record',
  why: '`idField` names the field whose value becomes `objectId` in the events. Without it no event says what it is about, unless the field happens to be called `id`.',
  fixable: true,
  examples: [
    {
      bad: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n',
      says: ['entry "customers" has no "idField": expected "id"'],
      good: 'element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers\n      idField: id\n',
    },
    {
      bad: 'leads:\n  url: /hubs/crm/leads\n',
      says: ['entry "leads" has no "idField": expected the path of the field that holds the id of a record'],
      good: 'leads:\n  url: /hubs/crm/leads\n  idField: leadId\n',
    },
  ],
  *checkEntries(view) {
    const isSage = view.elementKey?.value === 'sageone';
    for (const entry of view.poller?.entries ?? []) {
      if (entry.url === undefined || entryOf(entry.node, 'idField') !== undefined) continue;
      // Misspelt or misplaced: that is the mistake then.
      const objects = [...entry.node.entries, ...(entry.dates?.node.entries ?? [])];
      if (objects.some(({ key }) => /^\s*id[-_. ]?field\s*$/i.test(key) || /^id[fiel]{3,6}d?s?$/i.test(key)))
        continue;
      const fix = isSage ? fixOf(view, entry) : undefined;
      const expected = isSage ? '"id"' : 'the path of the field that holds the id of a record';
      yield {
        leaf: entry.resource,
        message: `entry "${entry.resource.value}" has no "idField": expected ${expected}`,
        help: 'Events then have no objectId, and the receiver cannot tell which record changed.',
        ...(fix && { fix }),
      };
    }
  },
} satisfies Rule;

/** Every record of Sage has its id in `id`. */
function fixOf({ text, poller }: EntriesView, { node }: Entry): Fix | undefined {
  const url = entryOf(node, 'url');
  if (url === undefined || poller?.stringified !== false || !isWrittenIn(node, url)) return undefined;
  const isQuoted = text.startsWith('"', url.keyRange.start);
  const edits = insertAfter(text, node, url, [isQuoted ? '"idField": "id"' : 'idField: id']);
  return { safe: true, title: 'add "idField"', edits };
}
