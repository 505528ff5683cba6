import { sageRequestFor } from '../catalog/sage-request.ts';
import { findResource } from '../catalog/sage-resource.ts';
import type { Entry } from '../model/model.ts';
import { slugsOf } from './slugs.ts';

/** One resource of any instance, and what its records have. */
export interface ResourceData {
  readonly name: string;
  /** The name as a key that any format takes, different from every other. */
  readonly slug: string;
  /** Besides `id`, `displayed_as` and `$path`, which every record has. */
  readonly fields: readonly RecordField[];
  /** The poll asks for every attribute, so that a record has more fields than are known here. */
  readonly hasAllFields: boolean;
}

interface RecordField {
  readonly name: string;
  readonly isText: boolean;
  readonly isFlag: boolean;
}

const alwaysThere = new Set(['id', 'displayed_as', '$path']);

/** Every resource of the entries once, with the fields of all its entries. */
export function resourcesOf(entries: readonly Entry[]): readonly ResourceData[] {
  const byName = Map.groupBy(entries, ({ resource }) => resource.value);
  const slugs = slugsOf([...byName.keys()]);
  return [...byName].map(([name, group], index) => {
    const attributes = [...new Set(group.flatMap(attributesOf))];
    return {
      name,
      slug: slugs[index] ?? '',
      fields: attributes.filter((attribute) => attribute !== 'all').map(describeField),
      hasAllFields: attributes.includes('all'),
    };
  });
}

/** What the URL asks for, and what `sagecfg run` asks for besides. */
function attributesOf({ url, resource }: Entry): string[] {
  const { request } = sageRequestFor(url?.value ?? '');
  const known = request?.resource ?? findResource(resource.value);
  const written = (request?.query.get('attributes') ?? '').split(',').map((attribute) => attribute.trim());
  const added = [known?.deletedFlag, known?.deletionFilter && known.deletedField];
  return [...written, ...added.filter((field) => field !== undefined)].filter(
    (attribute) => attribute !== '' && !alwaysThere.has(attribute),
  );
}

function describeField(name: string): RecordField {
  return { name, isText: /_(?:at|on)$/.test(name), isFlag: name === 'deleted' };
}
