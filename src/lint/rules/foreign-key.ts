import { keyPlace } from '../key-place.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'foreign-key',
  severity: 'warning',
  summary: 'a key that only another version of the platform reads',
  why: 'Entries that come from the older form of pollers have an `xPath`, those of the successor, UiPath Integration Service, have keys such as `batchSize` and `postHooks`. Cloud Elements and sagecfg read none of them: the poll runs as if they were not there.',
  supersedes: true,
  examples: [
    {
      bad: 'accounts:\n  url: /hubs/finance/accounts\n  idField: id\n  xPath: ""\n',
      says: ['"xPath" is a key of the older poller form: nothing reads it here'],
      good: 'accounts:\n  url: /hubs/finance/accounts\n  idField: id\n',
    },
    {
      bad: 'accounts:\n  url: /hubs/finance/accounts\n  idField: id\n  batchSize: 10\n',
      says: ['"batchSize" is a key of UiPath Integration Service: nothing reads it here'],
      good: 'accounts:\n  url: /hubs/finance/accounts\n  idField: id\n',
    },
  ],
  *checkEntries({ poller }) {
    for (const { node, pointer } of poller?.entries ?? []) {
      for (const entry of node.entries) {
        const origin = origins.get(entry.key);
        if (origin === undefined) continue;
        yield {
          leaf: keyPlace(entry, pointer),
          message: `"${entry.key}" is a key of ${origin}: nothing reads it here`,
          help: 'The poll runs as if it were not there. Take it out, or name it x-… to keep it as a note.',
        };
      }
    }
  },
} satisfies Rule;

const successor = 'UiPath Integration Service';
const origins: ReadonlyMap<string, string> = new Map([
  ['xPath', 'the older poller form'],
  ['batchSize', successor],
  ['objectName', successor],
  ['parameters', successor],
  ['postHookPipelines', successor],
  ['postHooks', successor],
  ['useHydrationBeforePostHooks', successor],
  ['useLastPollDate', successor],
]);
