import type { Rule, RuleExample } from '../lint/rule.ts';
import { rules } from '../lint/rules/index.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { paint, wantsColour, type Paint } from '../report/paint.ts';
import { wrapText } from '../report/wrap-text.ts';
import { defineCommand } from './command.ts';
import { inputOptions } from './shared/options.ts';

export default defineCommand({
  summary: 'Say what a rule finds, why it matters, and how to do better',
  positional: {
    name: 'RULE',
    description: 'Id of a rule, as in a report; sagecfg rules lists them',
    most: 1,
    words: rules.map(({ id }) => id),
  },
  options: { color: inputOptions.color },
  examples: [['sagecfg explain unbalanced-url-quote', 'what that report was about']],
  run({ names, options, io }) {
    const rule = findRule(names[0]);
    const style = paint(wantsColour(options.color, io.environment, io.isTerminal));
    io.stdout.write(explainRule(rule, io.columns, style));
    return Promise.resolve(exitCodes.clean);
  },
});

function findRule(id: string | undefined): Rule {
  if (id === undefined) throw new SagecfgError('usage', 'which rule? sagecfg rules lists them');
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  const suggestion = didYouMean(
    id,
    rules.map((candidate) => candidate.id),
  );
  const hint = suggestion === undefined ? 'sagecfg rules lists them' : `did you mean "${suggestion}"?`;
  throw new SagecfgError('usage', `no rule is called ${JSON.stringify(id)}: ${hint}`);
}

function explainRule(rule: Rule, width: number, style: Paint): string {
  const { id, severity, summary, why, examples, fixable } = rule;
  const fix = fixable === true ? ', and --fix can mend some of what it finds' : '';
  const lines = [
    `${style.strong(id)}: ${summary}`,
    `${style[severity](severity)}${fix}`,
    '',
    ...wrapText(why, Math.min(width, 100), '', ''),
    ...examples.flatMap((example) => ['', ...showExample(example, style)]),
  ];
  return `${lines.join('\n')}\n`;
}

function showExample({ bad, says, good }: RuleExample, style: Paint): readonly string[] {
  return [
    style.strong('not'),
    ...indent(bad),
    ...says.map((message) => `  ${style.faint(`= ${message}`)}`),
    style.strong('but'),
    ...indent(good),
  ];
}

function indent(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
}
