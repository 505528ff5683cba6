import type { Io } from '../io.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { resolveZone } from '../template/resolve-zone.ts';
import { paint, wantsColour } from '../report/paint.ts';
import { visibleText } from '../report/visible-text.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { expandFile, resourcesIn, type BrokenUrl, type ExpandTimes } from './shared/expand-file.ts';
import { expansionsToJson, expansionsToText } from './shared/render-expansions.ts';
import { lintFiles, reportUnreadable, type LintedFile } from './shared/lint-files.ts';
import { inputOptions } from './shared/options.ts';
import { parseInstant } from './shared/parse-instant.ts';

const options = {
  since: {
    type: 'string',
    placeholder: 'TIME',
    description: 'Time of the last poll (default: now, less the interval of the instance)',
  },
  now: { type: 'string', placeholder: 'TIME', description: 'Time of this poll (default: the present)' },
  resource: {
    type: 'list',
    placeholder: 'NAME,NAME',
    description: 'Only these resources',
  },
  zone: {
    type: 'string',
    placeholder: 'ZONE',
    description: "Zone of the platform's servers, in which date is written (default UTC)",
  },
  target: {
    type: 'string',
    choices: ['hub', 'sage'],
    description:
      'Whose requests to show: those to the hub, as written (default), or those that run sends to Sage',
  },
  explain: {
    type: 'boolean',
    description: 'Say what each URL asks for, and what each part of its dates means',
  },
  format: {
    type: 'string',
    alias: 'f',
    choices: ['text', 'json'],
    description: 'Form of the output (default text)',
  },
  ...inputOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Show the exact URL that each poll will request',
  positional: { name: 'files..', description: 'Files, globs or folders; - for standard input' },
  options,
  examples: [
    ['sagecfg expand acme.yaml', 'what the next poll will ask for'],
    [
      'sagecfg expand acme.yaml --since 2026-11-23T10:00:00Z --explain',
      'the same for a given time, in words',
    ],
    ['sagecfg expand acme.yaml --target sage --resource customers', 'what Sage will be asked for'],
  ],
  async run({ names, options: values, io }) {
    const times = timesFrom(values);
    const { files, unreadable } = await lintFiles(names, values, io);
    reportUnreadable(unreadable, io);
    const wanted = wantedResources(values, files);
    const outcomes = files.map((file) =>
      expandFile(file, { wanted, times, isForSage: values.target === 'sage' }),
    );
    const expanded = outcomes.flatMap((outcome) => outcome.expanded);
    const broken = outcomes.flatMap((outcome) => outcome.broken);

    const style = paint(wantsColour(values.color, io.environment, io.isTerminal));
    io.stdout.write(
      values.format === 'json'
        ? expansionsToJson(expanded, broken, times)
        : expansionsToText(expanded, { explains: values.explain === true, style }),
    );
    reportBroken(broken, io);
    return exitCodeFor(unreadable.length, broken.length);
  },
});

function exitCodeFor(unreadable: number, broken: number): ExitCode {
  if (unreadable > 0) return exitCodes.unreadable;
  return broken > 0 ? exitCodes.problems : exitCodes.clean;
}

function timesFrom({ since, now, zone = 'UTC' }: Values): ExpandTimes {
  const nowMs = now === undefined ? Math.floor(Date.now() / 1000) * 1000 : parseInstant('now', now);
  const { isKnown, suggestion } = resolveZone(zone);
  if (!isKnown) {
    const hint =
      suggestion === undefined ? 'expected a name such as Europe/London' : `did you mean "${suggestion}"?`;
    throw new SagecfgError('usage', `--zone ${JSON.stringify(zone)}: ${hint}`);
  }
  return { since: since === undefined ? undefined : parseInstant('since', since), nowMs, zone };
}

/** @throws SagecfgError `usage` for a resource that no file has */
function wantedResources(
  { resource }: Values,
  files: readonly LintedFile[],
): ReadonlySet<string> | undefined {
  if (resource === undefined) return undefined;
  const wanted = resource.flatMap((list) => list.split(',')).map((name) => name.trim());
  const present = new Set(files.flatMap(resourcesIn));
  const missing = wanted.find((name) => !present.has(name));
  // Without any entry there is something else to be told first.
  if (missing === undefined || present.size === 0) return new Set(wanted);
  const suggestion = didYouMean(missing, present);
  const hint =
    suggestion === undefined ? `expected one of ${[...present].join(', ')}` : `did you mean "${suggestion}"?`;
  throw new SagecfgError('usage', `--resource: no file polls ${JSON.stringify(missing)}: ${hint}`);
}

function reportBroken(broken: readonly BrokenUrl[], io: Io): void {
  for (const { file, line, column, resource, message } of broken) {
    const what = resource === undefined ? '' : `${resource}: `;
    io.stderr.write(`${visibleText(`${file}:${line}:${column}: ${what}${message}`)}\n`);
  }
}
