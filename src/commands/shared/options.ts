import { SagecfgError } from '../../problem/sagecfg-error.ts';
import { documentKinds, type DocumentKind } from '../../schema/document-kind.ts';
import type { Limits } from '../../document/limits.ts';
import { defaultLimits } from '../../document/limits.ts';
import type { Severity } from '../../problem/problem.ts';
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

/** Severities of the settings, overridden by `--rule id=severity`. */
export function severitiesFrom(
  settings: ReadonlyMap<string, Severity | 'off'>,
  flags: readonly string[] | undefined,
  knownRules: readonly string[],
): ReadonlyMap<string, Severity | 'off'> {
  const severities = new Map(settings);
  for (const flag of flags ?? []) {
    const match = /^(?<rule>[a-z0-9-]+)=(?<severity>error|warning|info|off)$/.exec(flag);
    if (match?.groups === undefined) {
      throw new SagecfgError(
        'usage',
        `--rule ${JSON.stringify(flag)}: expected ID=SEVERITY, such as insecure-callback=error`,
      );
    }
    const { rule = '', severity } = match.groups;
    if (!knownRules.includes(rule))
      throw new SagecfgError('usage', `--rule: no rule is called ${JSON.stringify(rule)}`);
    severities.set(rule, severity as Severity); // the expression allows nothing else
  }
  return severities;
}
