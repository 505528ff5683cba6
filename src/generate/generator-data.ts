import { sageRequestFor } from '../catalog/sage-request.ts';
import { findResource } from '../catalog/sage-resource.ts';
import { toValue } from '../document/to-value.ts';
import type { Entry, Instance } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { version } from '../version.ts';
import { isObject, toFields, type Field, type ObjectValue } from './fields.ts';
import { resourcesOf, type ResourceData } from './resource-data.ts';
import { slugsOf } from './slugs.ts';

/** What templates are filled in with. No secret is in it. `docs/generators.md` describes every key. */
export interface GeneratorData {
  readonly tool: { readonly name: string; readonly version: string };
  /** Names of the files that were read; empty without a file. */
  readonly files: readonly string[];
  /** For CI files: `npx … validate FILES`, and a regular expression for the names of the files. */
  readonly commands: {
    readonly validate: string;
    readonly validateForGithub: string;
    readonly pattern: string;
  };
  /** The entries of all instances, each resource once, as the partial `entries` takes them. */
  readonly configuration: readonly Field[];
  readonly instances: readonly InstanceData[];
  readonly resources: readonly ResourceData[];
}

interface InstanceData {
  readonly name: string;
  /** The name as a key that any format takes, different from every other. */
  readonly slug: string;
  readonly file: string;
  /** Two letters; empty where it is not set. */
  readonly country: string;
  readonly intervalMinutes: number;
  /** Parts of the callback URL; host and protocol are empty where there is none. */
  readonly callback: { readonly protocol: string; readonly host: string; readonly path: string };
  /** Environment variable that holds the key of the signature. */
  readonly signatureKeyVariable: string;
  readonly entries: readonly EntryData[];
}

interface EntryData {
  readonly name: string;
  /** That of the resource of this name. */
  readonly slug: string;
  readonly url: string;
  /** What Sage is asked, without paging: `GET /contacts?contact_type_id=CUSTOMER`; empty for what is none of Sage's. */
  readonly request: string;
  readonly isReadByChange: boolean;
  readonly seesDeletions: boolean;
  /** What a poll does not see, and why, as sentences. */
  readonly remarks: readonly string[];
}

export interface InstanceSource {
  readonly instance: Instance;
  /** As it was named; empty for what no file holds. */
  readonly file: string;
}

/** Collects what templates may use from instances without errors. */
export function buildGeneratorData(sources: readonly InstanceSource[]): GeneratorData {
  const entries = sources.flatMap(({ instance }) => instance.poller?.entries ?? []);
  const files = [...new Set(sources.flatMap(({ file }) => (file === '' ? [] : [file])))];
  const slugs = slugsOf(sources.map(({ instance }) => nameOf(instance)));
  const resources = resourcesOf(entries);
  const slugByResource = new Map(resources.map(({ name, slug }) => [name, slug]));
  return {
    tool: { name: 'sagecfg', version },
    files,
    commands: commandsFor(files),
    configuration: toFields(firstOfEach(entries)),
    instances: sources.map((source, index) => ({
      ...describeInstance(source, slugByResource),
      slug: slugs[index] ?? '',
    })),
    resources,
  };
}

/** Only generators of CI files ask for these, and only they must refuse a name. */
function commandsFor(files: readonly string[]): GeneratorData['commands'] {
  const command = `npx --yes sagecfg@${version} validate`;
  return {
    get validate() {
      return [command, ...files.map(harmlessName)].join(' ');
    },
    get validateForGithub() {
      return [command, '--format github', ...files.map(harmlessName)].join(' ');
    },
    get pattern() {
      if (files.length === 0) return '^(?:tenants|instances|pollers)/';
      return `^(?:${files.map((file) => harmlessName(file).replaceAll('.', '\\.')).join('|')})$`;
    },
  };
}

/** In a CI file a name meets a shell, and before it the system's own `${{ … }}`. */
function harmlessName(file: string): string {
  if (/^[\w@][\w@./-]*$/.test(file)) return file;
  throw new SagecfgError(
    'refused',
    `${JSON.stringify(file)} cannot stand in a CI file: expected letters, digits, "_", "-", "." and "/"`,
  );
}

function firstOfEach(entries: readonly Entry[]): ObjectValue {
  const configuration = new Map<string, ObjectValue>();
  for (const { resource, node } of entries) {
    const value = toValue(node);
    if (!configuration.has(resource.value) && isObject(value)) configuration.set(resource.value, value);
  }
  return Object.fromEntries(configuration);
}

function nameOf({ name }: Instance): string {
  return name?.value ?? 'sage-accounting';
}

function describeInstance(
  { instance, file }: InstanceSource,
  slugByResource: ReadonlyMap<string, string>,
): Omit<InstanceData, 'slug'> {
  const { configuration, poller } = instance;
  const text = (key: string): string => {
    const value = configuration.get(key)?.value;
    return typeof value === 'string' ? value : '';
  };
  return {
    name: nameOf(instance),
    file,
    country: text('country'),
    intervalMinutes: Number(configuration.get('event.poller.refresh_interval')?.value ?? 15) || 15,
    callback: callbackOf(text('event.notification.callback.url')),
    signatureKeyVariable:
      /^\$\{env:(?<variable>[A-Za-z_]\w*)\}$/.exec(text('event.notification.signature.key'))?.groups?.[
        'variable'
      ] ?? 'CALLBACK_SIGNATURE_KEY',
    entries: (poller?.entries ?? []).map((entry) => describeEntry(entry, slugByResource)),
  };
}

/** Without user, password and query, which may be secret. */
function callbackOf(url: string): InstanceData['callback'] {
  const parsed = URL.parse(url);
  if (parsed === null) return { protocol: '', host: '', path: '/events' };
  return { protocol: parsed.protocol.slice(0, -1), host: parsed.host, path: parsed.pathname };
}

function describeEntry({ resource, url }: Entry, slugByResource: ReadonlyMap<string, string>): EntryData {
  const { request } = sageRequestFor(url?.value ?? '');
  const described = request?.resource ?? findResource(resource.value);
  const isReadByChange = request?.isFilteredByChange === true && described?.changeFilter !== undefined;
  const query = [
    ...(request?.query ?? []),
    ...(isReadByChange ? [[described.changeFilter, 'TIME'] as const] : []),
  ]
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return {
    name: resource.value,
    slug: slugByResource.get(resource.value) ?? '',
    url: url?.value ?? '',
    request: request === undefined ? '' : `GET ${request.path}${query === '' ? '' : `?${query}`}`,
    isReadByChange,
    seesDeletions: described?.deletionFilter !== undefined || described?.deletedFlag !== undefined,
    remarks: [
      ...(described?.blindSpots ?? []).map(({ why }) => why),
      ...(described?.caveat === undefined ? [] : [described.caveat]),
    ],
  };
}
