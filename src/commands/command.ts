import type { Io } from '../io.ts';
import type { ExitCode } from '../problem/sagecfg-error.ts';

/** One option of a command, as data: the parser, `--help`, completion and the docs are made from it. */
export interface OptionDefinition {
  /** The flag of a list may be repeated; numbers are from 0. */
  readonly type: 'boolean' | 'string' | 'number' | 'list';
  readonly description: string;
  readonly alias?: string;
  readonly choices?: readonly string[];
  /** What a shell offers where there are no choices: ids of rules. */
  readonly words?: readonly string[];
  /** What may follow a choice, behind a colon: `FILE`. */
  readonly suffix?: string;
  /** Shown in `--help` for the value: `FILE`. */
  readonly placeholder?: string;
  /** What the bare flag stands for, where the value may be left out: `--fix` for `--fix=safe`. */
  readonly bare?: string;
  /** The flag has a form `--no-NAME`, which gives `false`. */
  readonly negatable?: boolean;
}

export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

type ValueOf<Definition extends OptionDefinition> = Definition['type'] extends 'boolean'
  ? boolean
  : Definition['type'] extends 'number'
    ? number
    : Definition['type'] extends 'list'
      ? readonly string[]
      : string;

/** Parsed options by their name; undefined where the flag was not given. */
export type OptionValues<Options extends OptionDefinitions> = {
  readonly [Name in keyof Options]:
    | ValueOf<Options[Name]>
    | (Options[Name]['negatable'] extends true ? false : never)
    | undefined;
};

export interface CommandContext<Options extends OptionDefinitions> {
  readonly options: OptionValues<Options>;
  /** What was named after the command: files, globs, `-`, or the arguments that `positional` describes. */
  readonly names: readonly string[];
  readonly io: Io;
}

export interface Positional {
  /** As shown in the usage line: `files..` or `RULE`. */
  readonly name: string;
  readonly description: string;
  /** How many are taken at most; unlimited without. */
  readonly most?: number;
  /** What a shell offers in its place: ids of rules, names of schemas, what to do. */
  readonly words?: readonly string[];
  /** What begins with a dash and still is no option. */
  readonly dashed?: RegExp;
}

/** A command is one file of this folder that default-exports one of these; its name is the file's. */
export interface Command<Options extends OptionDefinitions = OptionDefinitions> {
  readonly summary: string;
  readonly positional?: Positional;
  readonly options: Options;
  readonly examples?: readonly (readonly [command: string, explanation: string])[];
  readonly run: (context: CommandContext<Options>) => Promise<ExitCode>;
}

/** Only types: keeps the options' names and types for `run`. */
export function defineCommand<const Options extends OptionDefinitions>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
