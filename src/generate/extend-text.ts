import { applyEdits } from '../document/apply-edits.ts';
import type { Node } from '../document/node.ts';
import { toValue, type Value } from '../document/to-value.ts';
import { listAnchors } from '../document/yaml-anchors.ts';
import { lintText, type LintedText, type LintOptions } from '../lint/lint-text.ts';
import { isOfferedIn } from '../catalog/offered-in.ts';
import type { SageResource } from '../catalog/sage-resource.ts';
import type { Instance, PollerConfiguration } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { extendPoller, type ExtendedPoller, type ExtendOptions } from './extend-poller.ts';
import { isObject, isSameValue, type ObjectValue } from './fields.ts';
import type { Mark } from './mark.ts';
import type { Gap } from './mend-entry.ts';

export interface ExtendedText {
  /** The text itself where nothing was missing. */
  readonly text: string;
  readonly gaps: readonly Gap[];
  readonly notes: readonly string[];
  /** Every mark that cannot stand in the text, for all its instances. */
  readonly lock: readonly LockedMark[];
}

/** A mark that is kept beside the text. */
export interface LockedMark extends Mark {
  /** Name of the instance; empty where it has none. */
  readonly instance: string;
  /** Of the poller configuration. */
  readonly pointer: string;
  readonly resource: string;
}

export interface ExtendTextOptions extends Pick<ExtendOptions, 'from'> {
  /** None: what was generated, as its marks say, is brought up to date. */
  readonly resources: readonly SageResource[];
  /** Leaves out what Sage does not have in the country of an instance. */
  readonly onlyOffered?: boolean;
  /** Name of the only instance to extend; left out, all are. */
  readonly instance?: string | undefined;
  /** Marks new entries with where they came from, so that they can be brought up to date. */
  readonly isMarking?: boolean;
  /** Marks of this text that were kept beside it. */
  readonly lock?: readonly LockedMark[];
}

/**
 * Makes every poller configuration of a text poll the resources. Only what is inserted or mended differs from the text
 * before. The result has been read again and compared with what was meant; one that differs is a bug and thrown as such.
 *
 * @param linted the text, without problems of severity error
 * @throws SagecfgError `refused` where there is nothing to clone, `usage` for a `from` that is not there
 */
export function extendText(
  linted: LintedText,
  options: ExtendTextOptions,
  lintOptions: LintOptions,
): ExtendedText {
  const { instance: wanted } = options;
  const instances = linted.instances.filter(({ name }) => wanted === undefined || name?.value === wanted);
  if (wanted !== undefined && instances.length === 0)
    return { text: linted.text, gaps: [], notes: [], lock: options.lock ?? [] };
  for (const { elementKey } of instances) refuseForeign(elementKey?.value);
  const polled = instances.filter(({ poller }) => poller !== undefined);
  if (polled.length === 0) {
    throw new SagecfgError(
      'refused',
      'there is no poller configuration to add to: expected "event.poller.configuration"',
    );
  }
  const anchors = linted.text.includes('&') ? listAnchors(linted.text) : [];
  // The second try costs the author's style, but not a comment and not a value.
  for (const writesOut of [false, true]) {
    const extended = extendAll(linted.text, polled, { ...options, anchors, writesOut });
    const plans = [...new Set(extended.values())];
    const edits = plans.flatMap((plan) => plan.edits);
    const after = lintText(applyEdits(linted.text, edits), lintOptions);
    if (isAsMeant(linted, after, extended)) {
      return {
        text: after.text,
        gaps: plans.flatMap(({ gaps }) => gaps),
        notes: [
          ...plans.flatMap(({ notes }) => notes),
          ...polled.flatMap((instance) => noteNotOffered(instance, options)),
          ...instances.flatMap(noteWithoutPoller),
        ],
        lock: lockOf(linted.instances, extended, options.lock ?? []),
      };
    }
  }
  throw new Error('the generated entries do not read back as they were meant; nothing was written');
}

/** The marks of what was extended, and of other instances those that there were. */
function lockOf(
  instances: readonly Instance[],
  extended: ReadonlyMap<Node, ExtendedPoller>,
  lock: readonly LockedMark[],
): readonly LockedMark[] {
  return instances.flatMap((instance) => {
    const { poller } = instance;
    if (poller === undefined) return [];
    const marks = extended.get(writtenNode(poller))?.lock ?? lockFor(instance, lock);
    const place = { instance: instance.name?.value ?? '', pointer: poller.pointer };
    return [...marks].map(([resource, { from, hash }]) => ({ ...place, resource, from, hash }));
  });
}

function lockFor({ name, poller }: Instance, lock: readonly LockedMark[]): ReadonlyMap<string, Mark> {
  const own = lock.filter(
    ({ instance, pointer }) => instance === (name?.value ?? '') && pointer === poller?.pointer,
  );
  return new Map(own.map(({ resource, from, hash }) => [resource, { from, hash }]));
}

function refuseForeign(elementKey: string | undefined): void {
  if (elementKey === undefined || elementKey === 'sageone') return;
  throw new SagecfgError(
    'refused',
    `element "${elementKey}" is none that resources are known of: expected "sageone"`,
  );
}

function noteWithoutPoller({ poller, pointer, name }: Instance): string[] {
  return poller === undefined
    ? [`instance ${JSON.stringify(name?.value ?? pointer)} left alone: it has no poller configuration`]
    : [];
}

function offeredTo(
  { configuration }: Instance,
  { resources, onlyOffered = false }: Pick<ExtendTextOptions, 'resources' | 'onlyOffered'>,
): { readonly resources: readonly SageResource[]; readonly country: string } {
  const country = String(configuration.get('country')?.value ?? '');
  if (!onlyOffered) return { resources, country };
  return { resources: resources.filter((resource) => isOfferedIn(resource, country)), country };
}

function noteNotOffered(instance: Instance, options: ExtendTextOptions): string[] {
  const { resources, country } = offeredTo(instance, options);
  const left = options.resources.filter((resource) => !resources.includes(resource));
  if (left.length === 0) return [];
  return [`left out what Sage does not have in ${country}: ${left.map(({ name }) => name).join(', ')}`];
}

/** By object: one that several instances share through an alias is extended once. */
function extendAll(
  text: string,
  instances: readonly Instance[],
  options: ExtendTextOptions & Pick<ExtendOptions, 'anchors' | 'writesOut'>,
): ReadonlyMap<Node, ExtendedPoller> {
  const extended = new Map<Node, ExtendedPoller>();
  for (const instance of instances) {
    const { poller } = instance;
    if (poller === undefined || extended.has(writtenNode(poller))) continue;
    const lock = lockFor(instance, options.lock ?? []);
    const { from, anchors, writesOut, isMarking = false } = options;
    const { resources } = offeredTo(instance, options);
    const plan = extendPoller(text, poller, { resources, from, anchors, writesOut, isMarking, lock });
    extended.set(writtenNode(poller), plan);
  }
  return extended;
}

/** The object as the text holds it: for a stringified one, its string. */
function writtenNode({ node }: PollerConfiguration): Node {
  return node.stringified ?? node;
}

function isAsMeant(
  before: LintedText,
  after: LintedText,
  extended: ReadonlyMap<Node, ExtendedPoller>,
): boolean {
  if (after.problems.some(({ severity }) => severity === 'error')) return false;
  if (before.instances.length !== after.instances.length) return false;
  return before.instances.every((instance, index) => {
    const now = after.instances[index];
    const plan = instance.poller && extended.get(writtenNode(instance.poller));
    if (now === undefined) return false;
    return isSameValue(toValue(now.node), expectedValue(instance, plan?.value));
  });
}

function expectedValue({ node, kind, poller }: Instance, extended: ObjectValue | undefined): Value {
  const value = toValue(node);
  if (extended === undefined || poller === undefined || !isObject(value)) return value;
  if (kind === 'poller-configuration') return extended;
  const { configuration } = value;
  const key = 'event.poller.configuration';
  return {
    ...value,
    configuration: {
      ...(isObject(configuration ?? null) ? (configuration as ObjectValue) : {}),
      [key]: extended,
    },
  };
}
