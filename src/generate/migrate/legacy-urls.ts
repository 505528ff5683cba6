import { recommendedEntry } from '../../catalog/recommended-entry.ts';
import { findResource } from '../../catalog/sage-resource.ts';
import { countComments } from '../../document/count-comments.ts';
import { entryOf } from '../../document/node.ts';
import { writtenRange } from '../../document/splice.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { ObjectValue } from '../fields.ts';
import { changedConfiguration, pollerKey } from './configuration-value.ts';
import type { Migration } from './migration.ts';
import { replacePair } from './replace-pair.ts';

const legacyKey = 'event.poller.urls';

/** `event.poller.urls`, a line for each resource, becomes `event.poller.configuration`. */
export const fromLegacyUrls: Migration = ({ text, syntax, configuration, instance }) => {
  const entry = entryOf(configuration, legacyKey);
  if (entry === undefined) return undefined;
  if (entryOf(configuration, pollerKey) !== undefined)
    throw new SagecfgError(
      'refused',
      `"${legacyKey}" stands beside "${pollerKey}", and nobody says which one counts: remove one of them`,
    );
  const written = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  if (typeof written !== 'string' || entry.via.length > 0)
    throw new SagecfgError('refused', `"${legacyKey}" is no text that stands in its place`);
  if (countComments(text, writtenRange(text, entry), syntax) > 0)
    throw new SagecfgError(
      'refused',
      `"${legacyKey}" has a comment inside that would be lost: move it out first`,
    );
  const lines = written.split(/\r?\n/).filter((line) => line.trim() !== '');
  const isSage = instance.elementKey?.value === 'sageone';
  const read = lines.flatMap((line) => (line.includes('|/') ? [readLine(line)] : readNames(line, isSage)));
  refuseTwice(read.map(({ name }) => name));
  const value: ObjectValue = Object.fromEntries(read.map(({ name, value: own }) => [name, own]));
  return {
    edits: [replacePair(text, configuration, entry, pollerKey, value)],
    configuration: changedConfiguration(configuration, { replaced: [legacyKey, pollerKey, value] }),
    removedKeys: [],
    changes: [`"${legacyKey}" became "${pollerKey}" with ${read.map(({ name }) => `"${name}"`).join(', ')}`],
    byHand: read.flatMap(({ byHand }) => byHand),
  };
};

interface LegacyEntry {
  readonly name: string;
  readonly value: ObjectValue;
  readonly byHand: readonly string[];
}

const dateKeys = [
  'updatedDateField',
  'updatedDateFormat',
  'updatedDateTimezone',
  'createdDateField',
  'createdDateFormat',
  'createdDateTimezone',
] as const;

/** `name|url|filter|updated field|format|zone|created field|format|zone`; what is left out at the end is not set. */
function readLine(line: string): LegacyEntry {
  const [name = '', url = '', filter = '', ...dates] = line.split('|').map((field) => field.trim());
  if (name === '' || dates.length > dateKeys.length)
    throw new SagecfgError(
      'refused',
      `${JSON.stringify(line)} is no line of "${legacyKey}": expected name|url|filter|updated field|format|zone|created field|format|zone`,
    );
  const datesConfiguration = Object.fromEntries(
    dateKeys.flatMap((key, index) => (dates[index] ? [[key, dates[index]]] : [])),
  );
  return {
    name,
    value: { url, idField: 'id', ...(Object.keys(datesConfiguration).length > 0 && { datesConfiguration }) },
    byHand: [
      `"${name}": "idField" is "id", which the old form did not have: check that it is the record's id.`,
      ...(filter === ''
        ? []
        : [
            `"${name}": the filter ${JSON.stringify(filter)} has no place in the new form: filter in the URL.`,
          ]),
    ],
  };
}

/** Some elements had only the names; what they stood for is known for Sage alone. */
function readNames(line: string, isSage: boolean): LegacyEntry[] {
  return line.split('|').map((written) => {
    const name = written.trim();
    const resource = isSage ? findResource(name) : undefined;
    if (resource?.changeFilter === undefined)
      throw new SagecfgError(
        'refused',
        `"${legacyKey}" names ${JSON.stringify(name)} without a URL, and what it stood for is not known here: write its entry by hand`,
      );
    const { url, idField, datesConfiguration } = recommendedEntry(resource);
    return { name, value: { url, idField, datesConfiguration: { ...datesConfiguration } }, byHand: [] };
  });
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new SagecfgError('refused', `"${legacyKey}" has two lines for "${twice}": a configuration has one`);
}
