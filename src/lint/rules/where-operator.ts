import type { Entry, Leaf } from '../../model/model.ts';
import { templateVariables } from '../../template/template-variables.ts';
import type { WhereCondition, WhereOperator } from '../../template/where-clause.ts';
import { findMistakenLetters } from '../mistaken-letters.ts';
import { pollUrlOf } from '../poll-url.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'where-operator',
  severity: 'warning',
  summary: 'an operator that does not ask for everything since the last poll',
  why: 'What changed since the last poll is what has a date at or after it: `>=`. With `=` only the records of that very second come back, with `<` all the old ones. With `>` and a pattern that ends with the day, everything of the rest of that day is left out. Names such as `updated_since` are parameters of the provider and take `=`.',
  fixable: true,
  examples: [
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=date_modified='${epoch}'\n  datesConfiguration: {updatedDateField: date_modified}\n",
      says: ['"date_modified" is compared by "=", which gives one moment only: expected ">="'],
      good: "leads:\n  url: /hubs/crm/leads?where=date_modified>='${epoch}'\n  datesConfiguration: {updatedDateField: date_modified}\n",
    },
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=date_modified<'${epoch}'\n",
      says: ['"date_modified" is compared by "<", which gives what is older: expected ">="'],
      good: "leads:\n  url: /hubs/crm/leads?where=date_modified>='${epoch}'\n",
    },
    {
      bad: "leads:\n  url: /hubs/crm/leads?where=date_modified>'${gmtDate:yyyy-MM-dd}'\n",
      says: ['"date_modified" is compared by ">" with a day, which leaves out that day: expected ">="'],
      good: "leads:\n  url: /hubs/crm/leads?where=date_modified>='${gmtDate:yyyy-MM-dd}'\n",
    },
    {
      bad: "element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers?where=lastModifiedDate>'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'\n",
      says: ['"lastModifiedDate" is compared by ">", which leaves out one second: expected ">="'],
      good: "element: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers:\n      url: /hubs/finance/customers?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'\n",
    },
  ],
  *checkEntries({ elementKey, poller }) {
    for (const entry of poller?.entries ?? []) {
      if (entry.url !== undefined) yield* checkUrl(entry, entry.url, elementKey?.value === 'sageone');
    }
  },
} satisfies Rule;

function* checkUrl(entry: Entry, url: Leaf<string>, isSage: boolean): Iterable<RuleReport> {
  const { where, faults } = pollUrlOf(url);
  if (where === undefined || faults.length > 0) return;
  const bounds = where.conditions.filter(hasLastPoll);
  const isSole = bounds.length === 1;
  for (const condition of bounds) {
    const { name, operator } = condition;
    if (operator?.operator === undefined) continue;
    const place: Place = { name: name.name, operator: operator.operator, isSage, isSole, entry };
    const said = describeEqual(place) ?? describeOlder(place) ?? describeAfter(place, condition);
    if (said === undefined) continue;
    yield {
      leaf: url,
      span: operator,
      ...(said.severity && { severity: said.severity }),
      message: `"${name.name}" is compared by "${operator.text}"${said.says}: expected ">="`,
      help: said.help,
      fix: {
        safe: said.isSafe,
        title: 'write ">="',
        edits: [url.editOf(operator.start, operator.end, '>=')],
      },
    };
  }
}

interface Place {
  readonly name: string;
  readonly operator: WhereOperator;
  readonly isSage: boolean;
  /** No other condition has the time of the last poll. */
  readonly isSole: boolean;
  readonly entry: Entry;
}

interface Said extends Pick<RuleReport, 'severity'> {
  readonly says: string;
  readonly help: string;
  readonly isSafe: boolean;
}

function hasLastPoll({ values }: WhereCondition): boolean {
  return values.some(({ templates }) =>
    templates.some(({ name }) => templateVariables[name.text]?.instant === 'since'),
  );
}

/** Names in which the comparison is already said. */
const parameterName = /since|after|before|until|from|to$|min|max|start|begin|end$|greater|[gl]te?$/i;

function describeEqual({ name, operator, entry }: Place): Said | undefined {
  if (operator !== '=' || parameterName.test(name)) return undefined;
  const fields = [entry.dates?.updatedDateField, entry.dates?.createdDateField];
  const isField = fields.some((field) => field !== undefined && lastName(field.value) === lastName(name));
  if (!isField && !/modif|updat|chang/i.test(name)) return undefined;
  return {
    says: ', which gives one moment only',
    help: 'Only records that changed in the very moment of the last poll come back, which is none. Some providers read it as "since": then this is right.',
    isSafe: false,
  };
}

function describeOlder({ operator, isSage, isSole }: Place): Said | undefined {
  // Sage has no upper bound at all: `unsupported-sage-query` says so.
  if (!isSole || isSage || !['<', '<=', '!='].includes(operator)) return undefined;
  return {
    says: operator === '!=' ? ', which gives nearly everything' : ', which gives what is older',
    help: 'The template is the time of the last poll. What changed since then has a later date.',
    isSafe: false,
  };
}

function describeAfter({ operator, isSage }: Place, { values }: WhereCondition): Said | undefined {
  if (operator !== '>') return undefined;
  if (values.some(({ templates }) => templates.some(({ pattern }) => pattern && endsWithDay(pattern)))) {
    const help = 'A change later on the day of the last poll has the date of that day, which is not greater.';
    return { says: ' with a day, which leaves out that day', help, isSafe: false };
  }
  if (!isSage) return undefined;
  return {
    severity: 'info',
    says: ', which leaves out one second',
    help: 'Sage’s times are whole seconds, and a change in the second of the last poll may come after it. Sage itself counts that second in.',
    isSafe: true,
  };
}

type Pattern = NonNullable<NonNullable<WhereCondition['values'][number]['templates'][number]>['pattern']>;

/** A day and no clock. A pattern with mistaken letters may mean anything. */
function endsWithDay({ compiled }: Pattern): boolean {
  if (compiled === undefined || findMistakenLetters(compiled.pieces, { reads: false }).length > 0)
    return false;
  const letters = compiled.pieces.flatMap((piece) => (piece.kind === 'letters' ? [piece.letter] : []));
  return (
    letters.some((letter) => /[dDuEF]/.test(letter)) && !letters.some((letter) => /[HhKkms]/.test(letter))
  );
}

function lastName(path: string): string {
  return (path.split('.').at(-1) ?? '').toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
