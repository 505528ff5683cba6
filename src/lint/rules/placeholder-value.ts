import type { Entry, Instance, Leaf } from '../../model/model.ts';
import type { Range } from '../../problem/problem.ts';
import { templateVariables } from '../../template/template-variables.ts';
import type { Rule, RuleReport } from '../rule.ts';

export default {
  id: 'placeholder-value',
  severity: 'error',
  summary: 'a placeholder that was never filled in',
  why: 'Copied from a page of documentation and sent as it is: the platform takes `<minutes>` for a value. In an entry it is a warning, because vendors ship defaults like `/hubs/db/{objectName}` that are filled in later.',
  supersedes: true,
  examples: [
    {
      bad: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: <minutes>\n',
      says: ['"<minutes>" is a placeholder: expected the value itself'],
      good: 'element: {key: shop}\nconfiguration:\n  event.poller.refresh_interval: 15\n',
    },
    {
      bad: '"{objectName}":\n  url: /hubs/db/{objectName}\n  idField: <primaryKey>\n',
      says: [
        '"{objectName}" is a placeholder: expected the value itself',
        '"{objectName}" is a placeholder: expected the value itself',
        '"<primaryKey>" is a placeholder: expected the value itself',
      ],
      good: 'orders:\n  url: /hubs/db/orders\n  idField: id\n',
    },
  ],
  *check(instance) {
    for (const leaf of inBody(instance)) {
      const report = reportOn(leaf);
      if (report !== undefined) yield report;
    }
  },
  *checkEntries({ poller }) {
    for (const entry of poller?.entries ?? []) {
      for (const leaf of inEntry(entry)) {
        const report = reportOn(leaf);
        if (report !== undefined) yield { ...report, severity: 'warning' };
      }
    }
  },
} satisfies Rule;

function inBody({ name, elementKey, configuration, providerData }: Instance): (Leaf<unknown> | undefined)[] {
  return [name, elementKey, ...configuration.values(), ...providerData.values()];
}

function inEntry({ resource, url, idField, dates }: Entry): readonly (Leaf<string> | undefined)[] {
  return [
    resource,
    url,
    idField,
    dates?.updatedDateField,
    dates?.updatedDateFormat,
    dates?.updatedDateTimezone,
    dates?.createdDateField,
    dates?.createdDateFormat,
    dates?.createdDateTimezone,
  ];
}

function reportOn(leaf: Leaf<unknown> | undefined): RuleReport | undefined {
  if (typeof leaf?.value !== 'string') return undefined;
  const span = findPlaceholder(leaf.value);
  if (span === undefined) return undefined;
  return {
    leaf,
    span,
    message: `${JSON.stringify(leaf.value.slice(span.start, span.end))} is a placeholder: expected the value itself`,
    help: 'It stood in the documentation that this was copied from. Nothing fills it in.',
  };
}

/** `<minutes>`, `{objectName}`, `{{page.key}}`, `%{zone}`; not the braces of a template, nor a comparison `a<5`. */
const placeholder =
  /(?<![$\w])<(?!\s)[A-Za-z_][\w .-]*>|(?<!\$)(?:\{\{[^{}]+\}\}|%\{[^{}]+\}|(?<![%{])\{[A-Za-z_][\w.-]*\})/g;

function findPlaceholder(text: string): Range | undefined {
  if (!/[<{]/.test(text)) return undefined;
  placeholder.lastIndex = 0;
  for (let match = placeholder.exec(text); match !== null; match = placeholder.exec(text)) {
    const { index, 0: found } = match;
    // `{epoch}` is a template without its dollar sign, which is a mistake of its own.
    if (Object.hasOwn(templateVariables, /\w+/.exec(found)?.[0] ?? '')) continue;
    return { start: index, end: index + found.length };
  }
  return undefined;
}
