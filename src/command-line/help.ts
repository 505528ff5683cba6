import { commandNames, loadCommand } from '../commands/index.ts';
import type { Command, OptionDefinition } from '../commands/command.ts';

/** `sagecfg --help` */
export async function rootHelp(): Promise<string> {
  const commands = await Promise.all(
    commandNames.map(async (name) => [name, (await loadCommand(name)).summary] as const),
  );
  return [
    'sagecfg: check, expand, generate and run poller configuration',
    '',
    'Usage: sagecfg COMMAND [options] [files..]',
    '',
    'Commands:',
    ...columns(commands),
    '',
    'Options:',
    ...columns([
      ['-h, --help', 'Show this, or the help of a command'],
      ['-V, --version', 'Show the version'],
    ]),
    '',
    'Exit codes: 0 clean · 1 problems found, or output stale · 2 wrong usage or settings · 3 no file matched ·',
    '            4 a file could not be read or written · 70 a bug in sagecfg',
    '',
  ].join('\n');
}

/** `sagecfg COMMAND --help` */
export async function commandHelp(
  name: string,
  { summary, positional, options, examples = [] }: Command,
): Promise<string> {
  const rows = Object.entries(options).map(
    ([option, definition]) => [flagOf(option, definition), describe(definition)] as const,
  );
  return [
    `sagecfg ${name}: ${summary}`,
    '',
    `Usage: sagecfg ${name} [options]${positional === undefined ? '' : ` [${positional.name}]`}`,
    ...(positional === undefined ? [] : ['', ...columns([[positional.name, positional.description]])]),
    '',
    'Options:',
    ...columns([...rows, ['-h, --help', 'Show this']]),
    ...(examples.length === 0
      ? []
      : ['', 'Examples:', ...examples.flatMap(([line, what]) => [`  ${line}`, `      ${what}`])]),
    '',
  ].join('\n');
}

function flagOf(
  name: string,
  { alias, type, placeholder, choices, bare, negatable }: OptionDefinition,
): string {
  const short = alias === undefined ? '    ' : `-${alias}, `;
  if (type === 'boolean') return `${short}--${negatable === true ? '[no-]' : ''}${name}`;
  const value =
    placeholder ?? (choices === undefined ? 'VALUE' : choices.length <= 4 ? choices.join('|') : 'NAME');
  return `${short}--${name}${bare === undefined ? ` ${value}` : `[=${value}]`}`;
}

function describe({ description, choices }: OptionDefinition): string {
  return choices === undefined || choices.length <= 4 ? description : `${description}: ${choices.join(', ')}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(30, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  );
}
