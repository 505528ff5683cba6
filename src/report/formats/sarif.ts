import { pathToFileURL } from 'node:url';
import { createLineIndex, type LineIndex } from '../../input/line-index.ts';
import { rules } from '../../lint/rules/index.ts';
import type { Fix, Range, RelatedRange, Severity } from '../../problem/problem.ts';
import type { CheckedFile, Format } from '../report.ts';
import { ruleUrl } from '../rule-url.ts';

const levels: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0, which code scanning on GitHub, Azure DevOps and many viewers read. */
const sarif: Format = (files, { toolVersion }) => {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sagecfg',
            version: toolVersion,
            informationUri: 'https://www.npmjs.com/package/sagecfg',
            rules: rules.map(describeRule),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(resultsOf),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

export default sarif;

function describeRule({ id, severity, summary, why }: (typeof rules)[number]) {
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: why.replaceAll('`', '') },
    help: { text: why.replaceAll('`', ''), markdown: why },
    helpUri: ruleUrl(id),
    defaultConfiguration: { level: levels[severity] },
  };
}

const indexById = new Map(rules.map(({ id }, index) => [id, index]));

function resultsOf({ name, text, problems, fingerprintOf }: CheckedFile) {
  const lines = createLineIndex(text);
  const artifactLocation = { uri: uriOf(name) };
  return problems.map((problem) => {
    const { rule, severity, message, help, range, pointer, related = [], fix } = problem;
    const fingerprint = fingerprintOf(problem);
    return {
      ruleId: rule,
      ruleIndex: indexById.get(rule) ?? -1,
      level: levels[severity],
      message: { text: help === undefined ? message : `${message}\n${help}` },
      locations: [
        {
          physicalLocation: { artifactLocation, region: regionOf(range, lines) },
          ...(pointer !== '' && { logicalLocations: [{ fullyQualifiedName: pointer }] }),
        },
      ],
      ...(related.length > 0 && { relatedLocations: relatedLocations(related, name, lines) }),
      ...(fix !== undefined && { fixes: [fixOf(fix, name, lines)] }),
      // The first is ours, the second the only one that GitHub compares.
      partialFingerprints: { 'sagecfg/v1': fingerprint, primaryLocationLineHash: fingerprint },
    };
  });
}

function relatedLocations(related: readonly RelatedRange[], name: string, lines: LineIndex) {
  return related.map(({ range, message }, index) => ({
    id: index + 1,
    physicalLocation: { artifactLocation: { uri: uriOf(name) }, region: regionOf(range, lines) },
    message: { text: message },
  }));
}

function fixOf({ safe, title, edits }: Fix, name: string, lines: LineIndex) {
  const replacements = edits.map(({ range, text }) => ({
    deletedRegion: regionOf(range, lines),
    insertedContent: { text },
  }));
  return {
    description: { text: safe ? title : `${title} (a guess)` },
    artifactChanges: [{ artifactLocation: { uri: uriOf(name) }, replacements }],
  };
}

function regionOf({ start, end }: Range, lines: LineIndex) {
  const first = lines.positionOf(start);
  const last = lines.positionOf(end);
  return { startLine: first.line, startColumn: first.column, endLine: last.line, endColumn: last.column };
}

/** A relative reference where the file lies below the working directory; a name may hold any character. */
function uriOf(name: string): string {
  const wellFormed = name.toWellFormed();
  if (/^(?:\/|[A-Za-z]:[\\/])/.test(wellFormed)) return pathToFileURL(wellFormed).href;
  return wellFormed.split('/').map(encodeURIComponent).join('/');
}
