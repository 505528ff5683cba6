import type { RecordContext, Removal, Resource } from './resource.ts';
import type { Maker, Shape } from './record-shape.ts';
import { isMaker, makeRecord } from './record-shape.ts';
import type { Fields, Json, SageRecord } from './sage-record.ts';
import { textOf } from './sage-record.ts';

/** A resource as a row of a table: what follows from its shape is worked out here. */
export interface ResourceDefinition {
  readonly path: string;
  readonly name: string;
  readonly shape: Shape;
  /** Attributes that belong together, and so are made together. */
  readonly joint?: (context: RecordContext) => Fields;
  /** The attribute that `displayed_as` repeats; undefined where Sage shows none. */
  readonly shownBy: string | undefined;
  /** What `displayed_as` says where it repeats no attribute. */
  readonly title?: Maker;
  /** Attributes that a random edit makes anew, one at a time; empty where Sage has no PUT. */
  readonly edits: readonly string[];
  readonly removal: Removal;
  readonly sort?: readonly string[];
  /** Query parameters that Sage documents beyond paging, attributes, sort and change filters. */
  readonly parameters?: readonly string[];
  readonly hasChangeFilter?: boolean;
  readonly marksAsSent?: boolean;
}

/** More of Sage's parameters, which any list may take here. */
const commonParameters = ['nested_attributes'];

export function defineResource(definition: ResourceDefinition): Resource {
  const { path, name, shape, edits, removal, shownBy, parameters = [] } = definition;
  const filters = Object.fromEntries(
    parameters.flatMap((parameter) => {
      const filter = filterBy(parameter, {
        ...(definition.joint !== undefined && artefactAttributes),
        ...shape,
      });
      return filter === undefined ? [] : [[parameter, filter] as const];
    }),
  );
  return {
    path,
    names: [name],
    covers: () => true,
    sort: definition.sort ?? [],
    filters,
    inertParameters: [...commonParameters, ...parameters.filter((each) => !Object.hasOwn(filters, each))],
    hasChangeFilter: definition.hasChangeFilter ?? true,
    removal,
    create: (context) => {
      const fields = { ...definition.joint?.(context), ...makeRecord(shape, context) };
      return { ...fields, ...lackOfDeletion(removal), displayed_as: shown(fields, definition, context) };
    },
    edit: (record, context, visibly) => editOne({ shape, edits, shownBy }, record, context, visibly),
    canEdit: edits.length > 0,
    editsCanShow: shownBy !== undefined && edits.includes(shownBy),
    ...(removal === 'void' && { voided: voidArtefact }),
    isFinal: (record) => idOf(record['status']) === 'VOID',
    marksAsSent: definition.marksAsSent ?? false,
  };
}

/** What every artefact has, for the filters that go by it. */
const artefactAttributes: Shape = { contact: null, date: '' };

/** The records carry what tells of a deletion, with nothing in it yet. */
function lackOfDeletion(removal: Removal): Fields {
  if (removal === 'delete' || removal === 'void') return { deleted_at: null };
  return removal === 'flag' ? { deleted: false } : {};
}

function shown(
  fields: Fields,
  { shownBy, title }: ResourceDefinition,
  context: RecordContext,
): string | null {
  if (title !== undefined) return textOf(title(context));
  return shownBy === undefined ? null : textOf(fields[shownBy]);
}

function editOne(
  { shape, edits, shownBy }: Pick<ResourceDefinition, 'shape' | 'edits' | 'shownBy'>,
  record: SageRecord,
  context: RecordContext,
  visibly: boolean,
): Fields {
  const wanted = visibly && shownBy !== undefined && edits.includes(shownBy) ? [shownBy] : edits;
  if (wanted.length === 0) return {};
  const name = context.random.pick(wanted);
  const make = shape[name];
  if (!isMaker(make)) throw new TypeError(`nothing makes another "${name}"`);
  let value = make(context);
  while (JSON.stringify(value) === JSON.stringify(record[name])) value = make(context);
  return name === shownBy ? { [name]: value, displayed_as: textOf(value) } : { [name]: value };
}

function voidArtefact(_record: SageRecord, { random }: RecordContext): Fields {
  return {
    status: { id: 'VOID', displayed_as: 'Void', $path: '/artefact_statuses/VOID' },
    void_reason: random.pick(['Raised twice', 'Wrong contact', 'Cancelled order']),
    outstanding_amount: '0.0',
    base_currency_outstanding_amount: '0.0',
  };
}

/** How a documented parameter chooses records; undefined for one that changes nothing here. */
function filterBy(parameter: string, shape: Shape): Resource['filters'][string] | undefined {
  if (parameter === 'search') return contains;
  if (parameter === 'from_date' && 'date' in shape) return (record, value) => textOf(record['date']) >= value;
  if (parameter === 'to_date' && 'date' in shape) return (record, value) => textOf(record['date']) <= value;
  if (parameter === 'active' && 'active' in shape)
    return (record, value) => textOf(record['active']) === value;
  const linked = /^(?<attribute>.+)_id$/.exec(parameter)?.groups?.['attribute'];
  if (linked === undefined || !(linked in shape)) return undefined;
  return (record, value) => idOf(record[linked]) === value;
}

function contains(record: SageRecord, value: string): boolean {
  const { displayed_as, contact_name, reference } = record;
  const text = [displayed_as, contact_name, reference].map(textOf).join(' ');
  return text.toLowerCase().includes(value.toLowerCase());
}

function idOf(value: Json | undefined): Json | undefined {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}
