import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { documentKinds, type DocumentKind } from '../../schema/document-kind.ts';
import type { Limits } from '../../document/limits.ts';
import { defaultLimits } from '../../document/limits.ts';
import { isSuppressible } from '../../lint/suppressible.ts';
import { rules } from '../../lint/rules/index.ts';
import type { Severity } from '../../problem/problem.ts';
import { whatIsWrong } from '../../settings/find-unknown-rules.ts';
import type { OptionDefinitions } from '../command.ts';

/** Options of every command that reads configuration files. */
export const inputOptions = {
  kind: {
    type: 'string',
    choices: documentKinds,
    description: 'What every file is, where its shape does not tell',
  },
  'stdin-filename': {
    type: 'string',
    placeholder: 'NAME',
    description: 'What to call standard input (-) in reports',
  },
  config: {
    type: 'string',
    negatable: true,
    placeholder: 'FILE',
    description: 'Settings file; --no-config for none',
  },
  'max-bytes': {
    type: 'number',
    placeholder: 'N',
    description: `Largest file that is read (default ${defaultLimits.maxBytes})`,
  },
  'max-depth': {
    type: 'number',
    placeholder: 'N',
    description: `Deepest nesting that is read (default ${defaultLimits.maxDepth})`,
  },
  'max-nodes': {
    type: 'number',
    placeholder: 'N',
    description: `Most values in a document, aliases written out (default ${defaultLimits.maxNodes})`,
  },
  color: {
    type: 'string',
    choices: ['auto', 'always', 'never'],
    description: 'Colours; NO_COLOR and FORCE_COLOR are honoured',
  },
} as const satisfies OptionDefinitions;

/** Options that change how bad a problem is. */
export const ruleOptions = {
  rule: {
    type: 'list',
    placeholder: 'ID=SEVERITY',
    description: 'Severity of a rule: error, warning, info or off; may be repeated',
  },
  only: {
    type: 'list',
    placeholder: 'ID',
    description: 'Run this rule and no other; may be repeated',
    words: rules.map(({ id }) => id),
  },
  skip: {
    type: 'list',
    placeholder: 'ID',
    description: 'Leave this rule out; may be repeated',
    words: rules.map(({ id }) => id),
  },
} as const satisfies OptionDefinitions;

/** Options of the commands that check files, and leave out those that are not meant. */
export const ignoreOptions = {
  'ignore-pattern': {
    type: 'list',
    placeholder: 'PATTERN',
    description: 'Leave out files as a line of .gitignore would; may be repeated',
  },
  ignore: {
    type: 'boolean',
    negatable: true,
    description: 'Leave out what .gitignore and .sagecfgignore name (default); --no-ignore for no file',
  },
} as const satisfies OptionDefinitions;

export function limitsFrom(options: {
  readonly 'max-bytes'?: number | undefined;
  readonly 'max-depth'?: number | undefined;
  readonly 'max-nodes'?: number | undefined;
}): Limits {
  return {
    maxBytes: options['max-bytes'] ?? defaultLimits.maxBytes,
    maxDepth: options['max-depth'] ?? defaultLimits.maxDepth,
    maxNodes: options['max-nodes'] ?? defaultLimits.maxNodes,
  };
}

/** The parser has checked the choice. */
export function kindFrom(option: string | undefined): DocumentKind | undefined {
  return documentKinds.find((kind) => kind === option);
}

export interface RuleChoice {
  readonly rule?: readonly string[] | undefined;
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

/**
 * Severities of the settings, overridden by `--rule`, `--only` and `--skip`. What says that a file could not be checked
 * always runs.
 *
 * @throws SagecfgError `usage` for a rule that there is not, or that nobody can do without
 */
export function severityChoice({
  rule = [],
  only = [],
  skip = [],
}: RuleChoice): (settings: ReadonlyMap<string, Severity | 'off'>) => ReadonlyMap<string, Severity | 'off'> {
  const given = rule.map(parseSeverity);
  for (const id of only) requireRule('only', id, false);
  for (const id of skip) requireRule('skip', id, true);
  const others = only.length === 0 ? [] : rules.filter(({ id }) => !only.includes(id) && isSuppressible(id));
  const silenced = [...others.map(({ id }) => id), ...skip].map((id) => [id, 'off'] as const);
  return (settings) => {
    const wanted = [...settings].filter(([id, severity]) => severity !== 'off' || !only.includes(id));
    return new Map([...wanted, ...given, ...silenced]);
  };
}

function parseSeverity(flag: string): readonly [rule: string, severity: Severity | 'off'] {
  const match = /^(?<id>[a-z0-9-]+)=(?<severity>error|warning|info|off)$/.exec(flag);
  if (match?.groups === undefined) {
    throw new SagecfgError(
      'usage',
      `--rule ${JSON.stringify(flag)}: expected ID=SEVERITY, such as insecure-callback=error`,
    );
  }
  const { id = '', severity } = match.groups;
  requireRule('rule', id, severity === 'off');
  return [id, severity as Severity | 'off']; // the expression allows nothing else
}

function requireRule(flag: string, id: string, isLeftOut: boolean): void {
  const wrong = whatIsWrong(id, isLeftOut);
  if (wrong !== undefined) throw new SagecfgError('usage', `--${flag}: ${wrong}`);
}
