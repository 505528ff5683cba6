import { countComments } from '../../document/count-comments.ts';
import { entryOf } from '../../document/node.ts';
import { toValue } from '../../document/to-value.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { changedConfiguration, pollerKey } from './configuration-value.ts';
import type { Migration } from './migration.ts';
import { replacePair } from './replace-pair.ts';

/** A poller configuration in a string, as the platform answers it, becomes an object. */
export const toObject: Migration = ({ text, configuration }) => {
  const entry = entryOf(configuration, pollerKey);
  if (entry?.value.kind !== 'mapping' || entry.value.stringified === undefined) return undefined;
  const value = toValue(entry.value);
  // In the text the pair holds the string, of which the tree has only the inside.
  const written = { ...entry, value: entry.value.stringified };
  return {
    edits: [replacePair(text, configuration, written, pollerKey, value)],
    configuration: changedConfiguration(configuration, {}),
    removedKeys: [],
    changes: [`"${pollerKey}" written as an object`],
    byHand: [],
  };
};

/** An object becomes the string that the platform's own pages and answers have. */
export const toText: Migration = ({ text, syntax, configuration }) => {
  const entry = entryOf(configuration, pollerKey);
  if (entry?.value.kind !== 'mapping' || entry.value.stringified !== undefined) return undefined;
  if (entry.via.length > 0)
    throw new SagecfgError('refused', `"${pollerKey}" comes from an alias or merge key: write it out first`);
  const comments = countComments(text, entry.value.range, syntax);
  if (comments > 0)
    throw new SagecfgError(
      'refused',
      `"${pollerKey}" holds ${comments === 1 ? 'a comment' : `${comments} comments`}, and JSON in a string has no place for one: move them out first`,
    );
  return {
    edits: [replacePair(text, configuration, entry, pollerKey, JSON.stringify(toValue(entry.value)))],
    configuration: changedConfiguration(configuration, {}),
    removedKeys: [],
    changes: [`"${pollerKey}" written as a string`],
    byHand: [],
  };
};
