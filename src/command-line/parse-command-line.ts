import { Parser } from 'yargs/helpers';
import type { Command, OptionDefinition, OptionDefinitions, OptionValues } from '../commands/command.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';

export interface ParsedCommandLine {
  readonly options: OptionValues<OptionDefinitions>;
  readonly names: readonly string[];
}

/** @throws SagecfgError `usage` for an unknown option, a value that is not allowed, or too many names */
export function parseCommandLine(
  name: string,
  { options, positional }: Command,
  argumentList: readonly string[],
): ParsedCommandLine {
  const definitions = Object.entries(options);
  const isName = (argument: string): boolean =>
    positional?.dashed?.test(argument) === true && !Object.hasOwn(options, argument.slice(2));
  const parsed: Readonly<Record<string, unknown>> & { readonly _: readonly unknown[] } = Parser(
    argumentList.filter((argument) => !isName(argument)).map((argument) => withBareValue(argument, options)),
    {
      boolean: definitions.filter(([, { type }]) => type === 'boolean').map(([option]) => option),
      string: definitions.filter(([, { type }]) => type !== 'boolean').map(([option]) => option),
      alias: Object.fromEntries(
        definitions.flatMap(([option, { alias }]) => (alias === undefined ? [] : [[option, [alias]]])),
      ),
      configuration: {
        'camel-case-expansion': false,
        'dot-notation': false,
        'parse-positional-numbers': false,
        'populate--': true,
      },
    },
  );
  rejectUnknown(name, parsed, options);
  const names = [parsed._, parsed['--'] ?? [], argumentList.filter(isName)].flat().map(String);
  rejectSurplus(name, names, positional === undefined ? 0 : (positional.most ?? Number.POSITIVE_INFINITY));
  const values = definitions.map(([option, definition]) => [
    option,
    readValue(option, definition, parsed[option]),
  ]);
  return { names, options: Object.fromEntries(values) as OptionValues<OptionDefinitions> }; // one value of its type each
}

/** `--fix` would take the next word for its value; only `--fix=all` may have one. */
function withBareValue(argument: string, options: OptionDefinitions): string {
  const bare = argument.startsWith('--') ? options[argument.slice(2)]?.bare : undefined;
  return bare === undefined ? argument : `${argument}=${bare}`;
}

function rejectUnknown(
  command: string,
  parsed: Readonly<Record<string, unknown>>,
  options: OptionDefinitions,
): void {
  const aliases = Object.values(options).flatMap(({ alias }) => (alias === undefined ? [] : [alias]));
  const known = new Set([...Object.keys(options), ...aliases, '_', '$0', '--']);
  const unknown = Object.keys(parsed).find((option) => !known.has(option));
  if (unknown === undefined) return;
  const suggestion = didYouMean(unknown, Object.keys(options));
  const dashes = unknown.length === 1 ? '-' : '--';
  const hint = suggestion === undefined ? `see sagecfg ${command} --help` : `did you mean --${suggestion}?`;
  throw new SagecfgError('usage', `unknown option ${dashes}${unknown}: ${hint}`);
}

function rejectSurplus(command: string, names: readonly string[], most: number): void {
  const surplus = names[most];
  if (surplus === undefined) return;
  throw new SagecfgError(
    'usage',
    `unexpected argument ${JSON.stringify(surplus)}: see sagecfg ${command} --help`,
  );
}

function readValue(option: string, definition: OptionDefinition, given: unknown): unknown {
  if (given === undefined) return undefined;
  // Given twice, the last one counts, as everywhere.
  const last: unknown = Array.isArray(given) ? given.at(-1) : given;
  if (last === false && definition.type !== 'boolean') return readNegation(option, definition);
  if (definition.type === 'list') return [given].flat().map((value) => readText(option, definition, value));
  if (definition.type === 'boolean') return last === true || last === 'true';
  const text = readText(option, definition, last);
  return definition.type === 'number' ? readNumber(option, text) : text;
}

function readNegation(option: string, { negatable }: OptionDefinition): false {
  if (negatable === true) return false;
  throw new SagecfgError('usage', `unknown option --no-${option}: --${option} takes a value`);
}

function readText(
  option: string,
  { choices, placeholder, suffix }: OptionDefinition,
  value: unknown,
): string {
  const text = typeof value === 'string' ? value : '';
  if (text === '')
    throw new SagecfgError(
      'usage',
      `--${option} needs a value${placeholder === undefined ? '' : `: --${option} ${placeholder}`}`,
    );
  const word = suffix === undefined ? text : text.replace(/:.+$/s, '');
  if (choices === undefined || choices.includes(word)) return text;
  const suggestion = didYouMean(word, choices);
  const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  throw new SagecfgError(
    'usage',
    `--${option} ${JSON.stringify(text)}: expected one of ${choices.join(', ')}${hint}`,
  );
}

function readNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new SagecfgError('usage', `--${option} ${JSON.stringify(text)}: expected a number from 0`);
  }
  return value;
}
