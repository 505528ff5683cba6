import type { MappingNode } from '../document/node.ts';
import type { Edit, Range } from '../problem/problem.ts';
import type { DocumentKind } from '../schema/document-kind.ts';

/** A typed value with its place in the input. Numbers and booleans that were written as strings are already read. */
export interface Leaf<Value> {
  readonly value: Value;
  readonly range: Range;
  readonly pointer: string;
  /** Range in the input of the characters `start` to `end` of a string value, through quotes, escapes and stringified JSON. */
  readonly rangeOf: (start: number, end: number) => Range;
  /** Replaces the characters `start` to `end` of the value by `text`, escaped as the place demands. */
  readonly editOf: (start: number, end: number, text: string) => Edit;
  /** Aliases and merge keys that brought the value here. */
  readonly via: readonly Range[];
}

/** One tenant: an instance body, an export of one, or a bare poller configuration (then without configuration keys). */
export interface Instance {
  readonly kind: DocumentKind;
  /** The whole input that all ranges count in. */
  readonly text: string;
  readonly node: MappingNode;
  readonly pointer: string;
  readonly name: Leaf<string> | undefined;
  readonly elementKey: Leaf<string> | undefined;
  readonly providerData: ReadonlyMap<string, ConfigurationLeaf>;
  /** The flat configuration, by dotted key: `oauth.api.key`, `event.poller.refresh_interval`. */
  readonly configuration: ReadonlyMap<string, ConfigurationLeaf>;
  readonly poller: PollerConfiguration | undefined;
}

export interface ConfigurationLeaf extends Leaf<string | number | boolean | null> {
  readonly keyRange: Range;
}

export interface PollerConfiguration {
  /** The key that holds it; undefined where the document is the poller configuration itself. */
  readonly key: Leaf<string> | undefined;
  readonly node: MappingNode;
  readonly pointer: string;
  /** Written as JSON inside a string, as the platform returns it. */
  readonly stringified: boolean;
  readonly entries: readonly Entry[];
}

/** One resource's block of the poller configuration. What has the wrong shape is left out; the schema reports it. */
export interface Entry {
  /** The key: `customers`. Its range is the key's. */
  readonly resource: Leaf<string>;
  readonly node: MappingNode;
  readonly pointer: string;
  readonly url: Leaf<string> | undefined;
  readonly idField: Leaf<string> | undefined;
  readonly dates: DatesConfiguration | undefined;
  readonly filterByUpdatedDate: Leaf<boolean> | undefined;
  readonly filterByCurrentDate: Leaf<boolean> | undefined;
  /** Seconds. */
  readonly createdCheckTolerance: Leaf<number> | undefined;
  /** Seconds. */
  readonly pollDelay: Leaf<number> | undefined;
  /** Records a page. */
  readonly pageSize: Leaf<number> | undefined;
}

export interface DatesConfiguration {
  readonly node: MappingNode;
  readonly pointer: string;
  readonly updatedDateField: Leaf<string> | undefined;
  readonly updatedDateFormat: Leaf<string> | undefined;
  readonly updatedDateTimezone: Leaf<string> | undefined;
  readonly createdDateField: Leaf<string> | undefined;
  readonly createdDateFormat: Leaf<string> | undefined;
  readonly createdDateTimezone: Leaf<string> | undefined;
}
