import type { PollUrl } from '../../template/poll-url.ts';
import type { TemplatePart } from '../../template/template-part.ts';
import { templateVariables } from '../../template/template-variables.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule } from '../rule.ts';

export default {
  id: 'empty-date-window',
  severity: 'warning',
  summary: 'a range of dates that ends where it begins, at the last poll',
  why: 'Every template but `now` and `nowTimeZone` is the time of the last poll. As the upper bound of a range as well it leaves nothing between the two, and what changed since is never seen. Leave the upper bound out, or take the time of this poll: `${nowTimeZone:UTC:…}`.',
  examples: [
    {
      bad: 'shifts:\n  url: /hubs/hr/shifts?from=${date}&to=${date}\n',
      says: ['"to" ends where "from" begins, at the last poll: expected no upper bound, or ${nowTimeZone:…}'],
      good: 'shifts:\n  url: "/hubs/hr/shifts?from=${date}&to=${nowTimeZone:UTC:yyyy-MM-dd}"\n',
    },
    {
      bad: "shifts:\n  url: /hubs/hr/shifts?where=changed>='${epoch}' and changed<='${epoch}'\n",
      says: [
        '"changed" ends where "changed" begins, at the last poll: expected no upper bound, or ${nowTimeZone:…}',
      ],
      good: "shifts:\n  url: /hubs/hr/shifts?where=changed>='${epoch}'\n",
    },
  ],
  *checkEntries({ poller }) {
    for (const { url } of poller?.entries ?? []) {
      const parsed = url && pollUrlOf(url);
      if (url === undefined || parsed === undefined || parsed.faults.length > 0) continue;
      const bounds = boundsOf(parsed);
      const lower = bounds.find(({ side }) => side === 'lower');
      const upper = bounds.find(({ side }) => side === 'upper');
      if (lower === undefined || upper === undefined) continue;
      yield {
        leaf: url,
        span: upper.template,
        message: `"${upper.name}" ends where "${lower.name}" begins, at the last poll: expected no upper bound, or \${nowTimeZone:…}`,
        help: 'Nothing lies between the two, so the poll finds nothing. The lower bound alone is enough.',
        related: [
          { range: url.rangeOf(lower.template.start, lower.template.end), message: 'the lower bound' },
        ],
      };
    }
  },
} satisfies Rule;

interface Bound {
  readonly name: string;
  readonly side: 'lower' | 'upper';
  readonly template: TemplatePart;
}

/** Bounds at the time of the last poll. */
function boundsOf({ where, parameters }: PollUrl): readonly Bound[] {
  const conditions = (where?.conditions ?? []).map(({ name, operator, values }) => {
    const side = sideOfOperator(operator?.operator ?? '') ?? sideOfName(name.name);
    return { name: name.name, side, template: values[0]?.templates[0] };
  });
  const others = parameters
    .filter(({ name }) => name.text !== 'where')
    .map(({ name, templates }) => ({
      name: name.text,
      side: sideOfName(name.text),
      template: templates[0],
    }));
  return [...conditions, ...others].flatMap(({ name, side, template }): Bound[] => {
    if (side === undefined || template === undefined) return [];
    return templateVariables[template.name.text]?.instant === 'since' ? [{ name, side, template }] : [];
  });
}

function sideOfOperator(operator: string): Bound['side'] | undefined {
  if (operator.startsWith('>')) return 'lower';
  return operator.startsWith('<') ? 'upper' : undefined;
}

/** With a plain `=`, the name tells: `from`, `start_date`, `modifiedAfter`; `to`, `endDate`, `until`. */
function sideOfName(name: string): Bound['side'] | undefined {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (/(?:^|[_.-])(?:from|start|begin|after|since|min|gte?)(?:$|[_.-])/.test(words)) return 'lower';
  return /(?:^|[_.-])(?:to|end|before|until|max|lte?)(?:$|[_.-])/.test(words) ? 'upper' : undefined;
}
