import type { Rule } from '../lint/rule.ts';
import { rules } from '../lint/rules/index.ts';
import { exitCodes } from '../problem/sagecfg-error.ts';
import { ruleUrl } from '../report/rule-url.ts';
import { defineCommand } from './command.ts';

const formats = {
  table: () => {
    const idWidth = Math.max(...rules.map(({ id }) => id.length));
    const rows = rules.map(
      ({ id, severity, fixable, summary }) =>
        `${id.padEnd(idWidth)}  ${severity.padEnd('warning'.length)}  ${fixable === true ? 'fix' : '   '}  ${summary}`,
    );
    return `${rows.join('\n')}\n`;
  },
  json: () => `${JSON.stringify(rules.map(toJson), undefined, 2)}\n`,
  markdown: () => {
    const rows = rules.map(
      ({ id, severity, fixable, summary }) =>
        `| \`${id}\` | ${severity} | ${fixable === true ? 'yes' : ''} | ${escapeCell(summary)} |`,
    );
    return `${['| Rule | Severity | Fix | What it finds |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
  },
} as const satisfies Record<string, () => string>;

const options = {
  format: {
    type: 'string',
    alias: 'f',
    choices: Object.keys(formats),
    description: 'Form of the list (default table)',
  },
} as const;

export default defineCommand({
  summary: 'List every rule, how bad what it finds is, and whether it can be mended',
  options,
  examples: [['sagecfg rules -f markdown', 'the table for your own documentation']],
  run({ options: { format = 'table' }, io }) {
    io.stdout.write(formats[format as keyof typeof formats]()); // one of the choices
    return Promise.resolve(exitCodes.clean);
  },
});

function toJson({ id, severity, summary, why, examples, fixable }: Rule): object {
  return { id, severity, fixable: fixable === true, summary, why, examples, url: ruleUrl(id) };
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
