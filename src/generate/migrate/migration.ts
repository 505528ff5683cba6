import type { MappingNode } from '../../document/node.ts';
import type { Syntax } from '../../document/source-document.ts';
import type { Instance } from '../../model/model.ts';
import type { Edit } from '../../problem/problem.ts';
import type { ObjectValue } from '../fields.ts';

export interface MigrationPlace {
  readonly text: string;
  readonly syntax: Syntax;
  readonly instance: Instance;
  /** `configuration` of the instance. */
  readonly configuration: MappingNode;
}

/** What one migration does to one instance. */
export interface Migrated {
  readonly edits: readonly Edit[];
  /** The configuration once the edits are applied. */
  readonly configuration: ObjectValue;
  /** Keys of the instance itself that go. */
  readonly removedKeys: readonly string[];
  /** What is changed, as phrases. */
  readonly changes: readonly string[];
  /** What no tool can carry over, as sentences; also where nothing is changed any more. */
  readonly byHand: readonly string[];
}

/** Undefined where the instance needs nothing. Throws SagecfgError `refused` where something would be lost. */
export type Migration = (place: MigrationPlace) => Migrated | undefined;
