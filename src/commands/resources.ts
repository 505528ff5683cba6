import { countriesOf } from '../catalog/offered-in.ts';
import { listResources, type SageResource } from '../catalog/sage-resource.ts';
import { exitCodes } from '../problem/sagecfg-error.ts';
import { defineCommand } from './command.ts';

const renderers = { table: renderTable, json: renderJson, markdown: renderMarkdown } as const;
const formats = Object.keys(renderers) as readonly (keyof typeof renderers)[]; // the keys of a constant

export default defineCommand({
  summary: 'List what Sage has, how a poll asks for it, and what a poll of it does not see',
  options: {
    format: {
      type: 'string',
      alias: 'f',
      choices: formats,
      description: 'How it is written (default table)',
    },
  },
  examples: [
    ['sagecfg resources', 'every resource by its name in the hub'],
    ['sagecfg resources -f markdown > resources.md', 'the same, for a wiki'],
  ],
  async run({ options, io }) {
    const format = formats.find((candidate) => candidate === options.format) ?? 'table';
    io.stdout.write(renderers[format](listResources()));
    return exitCodes.clean;
  },
});

const header = ['resource', 'endpoint', 'changes', 'deletions', 'countries', 'to know'] as const;

function rowOf(resource: SageResource): readonly string[] {
  const { name, changeFilter } = resource;
  return [
    name,
    endpointOf(resource),
    changeFilter ?? 'no',
    deletionsOf(resource),
    countriesOf(resource).join(' '),
    remarksOf(resource).join(' '),
  ];
}

function endpointOf({ endpoint, query }: SageResource): string {
  const fixed = new URLSearchParams(query).toString();
  return fixed === '' ? endpoint : `${endpoint}?${fixed}`;
}

function deletionsOf({ deletionFilter, deletedFlag, isSingleton }: SageResource): string {
  if (isSingleton) return 'never deleted';
  return deletionFilter ?? (deletedFlag === undefined ? 'no' : `flag "${deletedFlag}"`);
}

/** Why a poll of it is blind to something, and what to do instead. */
function remarksOf({ blindSpots, alternative, caveat }: SageResource): string[] {
  const instead = alternative === undefined ? [] : [`Instead, ${alternative}.`];
  return [...blindSpots.map(({ why }) => why), ...instead, ...(caveat === undefined ? [] : [caveat])];
}

/** The remarks stand in lines of their own: they are sentences, and a table of sentences reads badly in a terminal. */
function renderTable(resources: readonly SageResource[]): string {
  const rows = [header, ...resources.map(rowOf)].map((row) => row.slice(0, -1));
  const widths = header
    .slice(0, -1)
    .map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const pollable = resources.filter(({ changeFilter }) => changeFilter !== undefined).length;
  const footer = `${resources.length} resources, ${pollable} of them can be polled by change; the reasons: sagecfg resources -f markdown`;
  return `${lines.join('\n')}\n\n${footer}\n`;
}

function renderJson(resources: readonly SageResource[]): string {
  return `${JSON.stringify({ formatVersion: '1.0', resources }, undefined, 2)}\n`;
}

function renderMarkdown(resources: readonly SageResource[]): string {
  const rows = resources.map((resource) => {
    const [name, endpoint, ...rest] = rowOf(resource);
    return [`\`${name}\``, `\`${endpoint}\``, ...rest];
  });
  const lines = [header, header.map(() => '---'), ...rows].map(
    (row) => `| ${row.map(escapeCell).join(' | ')} |`,
  );
  return `${lines.join('\n')}\n`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
