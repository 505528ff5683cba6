import { applyEdits } from '../../document/apply-edits.ts';
import { entryOf } from '../../document/node.ts';
import { toValue } from '../../document/to-value.ts';
import { lintText, type LintedText, type LintOptions } from '../../lint/lint-text.ts';
import type { Instance } from '../../model/model.ts';
import { isObject, isSameValue, type ObjectValue } from '../fields.ts';
import { fromLegacyUrls } from './legacy-urls.ts';
import type { Migrated, Migration } from './migration.ts';
import { toObject, toText } from './poller-form.ts';
import { toCurrentApi } from './to-current-api.ts';

/** What a file can be migrated to, by the name that `--to` gives it. */
const migrations = {
  configuration: fromLegacyUrls,
  object: toObject,
  string: toText,
  'v3.1': toCurrentApi,
} as const satisfies Record<string, Migration>;

export type MigrationName = keyof typeof migrations;
export const migrationNames = Object.keys(migrations) as readonly MigrationName[]; // the keys of a constant

export interface MigratedText {
  readonly text: string;
  readonly changes: readonly string[];
  readonly byHand: readonly string[];
}

/**
 * Migrates every instance of a text. Only what a migration is about differs from the text before; the result has been
 * read again and compared with what was meant.
 *
 * @param linted the text, without problems of severity error
 * @throws SagecfgError `refused` where something would be lost
 */
export function migrateText(linted: LintedText, name: MigrationName, lintOptions: LintOptions): MigratedText {
  const syntax = lintOptions.syntax ?? (/^\uFEFF?\s*[[{]/.test(linted.text) ? 'json' : 'yaml');
  const migrated = linted.instances.map((instance) => {
    const configuration = entryOf(instance.node, 'configuration')?.value;
    if (configuration?.kind !== 'mapping') return undefined;
    return migrations[name]({ text: linted.text, syntax, instance, configuration });
  });
  const edits = migrated.flatMap((each) => each?.edits ?? []);
  const after = lintText(applyEdits(linted.text, edits), lintOptions);
  if (!isAsMeant(linted, after, migrated))
    throw new Error('the migrated text does not read back as it was meant; nothing was written');
  return {
    text: after.text,
    changes: migrated.flatMap((each) => each?.changes ?? []),
    byHand: [...new Set(migrated.flatMap((each) => each?.byHand ?? []))],
  };
}

function isAsMeant(
  before: LintedText,
  after: LintedText,
  migrated: readonly (Migrated | undefined)[],
): boolean {
  // An error of another kind is in what was not looked at before, such as the URL of a legacy line.
  if (after.problems.some(({ rule }) => rule === 'syntax')) return false;
  if (before.instances.length !== after.instances.length) return false;
  return before.instances.every((instance, index) => {
    const now = after.instances[index];
    return now !== undefined && isSameValue(valueOf(now), expected(instance, migrated[index]));
  });
}

function expected(instance: Instance, migrated: Migrated | undefined): ObjectValue {
  const value = valueOf(instance);
  if (migrated === undefined) return value;
  const kept = Object.entries(value).filter(([key]) => !migrated.removedKeys.includes(key));
  return { ...Object.fromEntries(kept), configuration: migrated.configuration };
}

function valueOf({ node }: Instance): ObjectValue {
  const value = toValue(node);
  return isObject(value) ? value : {};
}
