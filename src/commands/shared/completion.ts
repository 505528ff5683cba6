import type { OptionDefinition, OptionDefinitions } from '../command.ts';

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionDefinitions;
  readonly takesFiles: boolean;
  /** What may stand in the first place behind the command. */
  readonly words: readonly string[];
}

/** A bash completion script: commands, their options, the words that an option takes, files elsewhere. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# bash completion for sagecfg; made by: sagecfg completion bash',
    '_sagecfg() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} help --help --version" -- "$current"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]} $previous" in',
    ...commands.flatMap(({ name, options }) =>
      choicesOf(options).map(([flag, choices]) => `    "${name} ${flag}") words="${choices.join(' ')}" ;;`),
    ),
    '  esac',
    '  if [ -z "$words" ] && [[ "$COMP_CWORD" -eq 2 && "$current" != -* ]]; then',
    '    case "${COMP_WORDS[1]}" in',
    ...commands.flatMap(({ name, words }) =>
      words.length === 0 ? [] : [`      ${name}) words="${words.join(' ')}" ;;`],
    ),
    '    esac',
    '  fi',
    '  if [ -z "$words" ] && [[ "$current" == -* ]]; then',
    '    case "${COMP_WORDS[1]}" in',
    ...commands.map(({ name, options }) => `      ${name}) words="${flagsOf(options).join(' ')}" ;;`),
    '    esac',
    '  fi',
    '  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi',
    '  if [ "${#COMPREPLY[@]}" -eq 0 ] && [[ "$current" != -* ]]; then COMPREPLY=($(compgen -f -- "$current")); fi',
    '}',
    'complete -o filenames -F _sagecfg sagecfg',
    '',
  ].join('\n');
}

/** A zsh completion script, with the summaries. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '#compdef sagecfg',
    '# zsh completion for sagecfg; made by: sagecfg completion zsh',
    'local -a commands',
    'commands=(',
    ...commands.map(({ name, summary }) => `  ${quote(`${name}:${summary}`)}`),
    ')',
    'if (( CURRENT == 2 )); then _describe command commands; return; fi',
    'shift words; (( CURRENT-- ))',
    'case $words[1] in',
    ...commands.flatMap(({ name, options, takesFiles, words }) => [
      `  ${name}) _arguments ${[...Object.entries(options).map(([option, definition]) => zshOption(option, definition)), ...(words.length > 0 ? [quote(`1:what:(${words.join(' ')})`)] : []), ...(takesFiles ? [quote('*:file:_files')] : [])].join(' ')} ;;`,
    ]),
    'esac',
    '',
  ].join('\n');
}

/** A fish completion script, with the descriptions. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# fish completion for sagecfg; made by: sagecfg completion fish',
    ...commands.flatMap(({ name, summary, options, takesFiles, words }) => [
      `complete -c sagecfg -n __fish_use_subcommand ${takesFiles ? '' : '-f '}-a ${name} -d ${quote(summary)}`,
      ...(words.length === 0
        ? []
        : [
            `complete -c sagecfg -n ${quote(`__fish_seen_subcommand_from ${name}`)} -a ${quote(words.join(' '))}`,
          ]),
      ...Object.entries(options).map(([option, definition]) => fishOption(name, option, definition)),
    ]),
    '',
  ].join('\n');
}

function flagsOf(options: OptionDefinitions): readonly string[] {
  return [...Object.keys(options).map((option) => `--${option}`), '--help'];
}

function choicesOf(options: OptionDefinitions): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(options).flatMap(([option, { choices, words, alias, bare }]) => {
    const offered = choices ?? words;
    if (offered === undefined || bare !== undefined) return [];
    const flags = alias === undefined ? [`--${option}`] : [`--${option}`, `-${alias}`];
    return flags.map((flag) => [flag, offered] as const);
  });
}

function zshOption(
  option: string,
  { description, type, choices, words, placeholder, bare }: OptionDefinition,
): string {
  const text = description.replaceAll(/[[\]:]/g, ' ');
  if (type === 'boolean') return quote(`--${option}[${text}]`);
  const offered = choices ?? words;
  const values = offered === undefined ? '_files' : `(${offered.join(' ')})`;
  const equals = bare === undefined ? '=' : '=-';
  return quote(
    `${type === 'list' ? '*' : ''}--${option}${equals}[${text}]:${placeholder ?? option}:${values}`,
  );
}

function fishOption(
  command: string,
  option: string,
  { description, alias, type, choices, words }: OptionDefinition,
): string {
  const condition = quote(`__fish_seen_subcommand_from ${command}`);
  const short = alias === undefined ? '' : ` -s ${alias}`;
  const offered = choices ?? words;
  const value =
    type === 'boolean' ? '' : offered === undefined ? ' -r' : ` -x -a ${quote(offered.join(' '))}`;
  return `complete -c sagecfg -n ${condition} -l ${option}${short}${value} -d ${quote(description)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
