import type { Value } from '../document/to-value.ts';
import { quoterOf } from '../generate/quote.ts';
import { pollerKey } from './configuration-keys.ts';
import type { ImportedValue } from './import-instances.ts';
import { readPollerValue, type LiveInstance } from './live-instance.ts';

export interface InstanceYaml {
  readonly live: LiveInstance;
  readonly lastPollMs: number | undefined;
  readonly values: readonly ImportedValue[];
  /** Written as comments. */
  readonly kept: readonly ImportedValue[];
}

/** An instance body as a file, with comments for what a body cannot say. */
export function renderInstanceYaml({ live, lastPollMs, values, kept }: InstanceYaml): string {
  const { id, name, elementKey, tags, isDisabled } = live;
  return [
    '# Written by sagecfg import.',
    ...(isDisabled ? ['# The instance is disabled on the platform.'] : []),
    ...lastPollLines(lastPollMs),
    `x-instance-id: ${JSON.stringify(id)} # which live instance this is`,
    'element:',
    `  key: ${yaml(elementKey)}`,
    `name: ${yaml(name === '' ? `instance-${id}` : name)}`,
    ...(tags.length === 0 ? [] : ['tags:', ...tags.map((tag) => `  - ${yaml(tag)}`)]),
    values.length === 0 ? 'configuration: {}' : 'configuration:',
    ...values.flatMap((value) => renderValue(value)),
    ...(kept.length === 0 ? [] : ["  # The platform's own, which every instance has:"]),
    ...kept.map(({ key, value }) => `  #   ${comment(`${key}: ${JSON.stringify(value)}`)}`),
    '',
  ].join('\n');
}

function lastPollLines(lastPollMs: number | undefined): readonly string[] {
  if (lastPollMs === undefined) return [];
  const time = new Date(Math.floor(lastPollMs / 1000) * 1000).toISOString().replace('.000', '');
  return [
    `# The latest poll that led to an event on the platform: ${time}. To go on from there:`,
    `#   sagecfg run --baseline since=${time}`,
  ];
}

function renderValue({ key, value, comment: note }: ImportedValue): readonly string[] {
  const expanded = key === pollerKey ? readPollerValue(value) : value;
  const lines = renderPair(key, expanded, '  ');
  return note === undefined ? lines : [`${lines[0]} # ${comment(note)}`, ...lines.slice(1)];
}

function renderPair(key: string, value: Value, indent: string): readonly string[] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  if (entries.length === 0) return [`${indent}${yaml(key)}: ${yaml(value)}`];
  return [
    `${indent}${yaml(key)}:`,
    ...entries.flatMap(([inner, each]) => renderPair(inner, each, `${indent}  `)),
  ];
}

/** On one line, as every reader of YAML takes it. */
const yaml = quoterOf('yaml', undefined) ?? JSON.stringify;
const comment = quoterOf('yaml', 'comment') ?? String;
