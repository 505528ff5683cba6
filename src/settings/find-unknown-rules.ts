import { entryOf, type MappingNode, type Node } from '../document/node.ts';
import { rules } from '../lint/rules/index.ts';
import { isSuppressible } from '../lint/suppressible.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import type { Finding, Range } from '../problem/problem.ts';

/** Rules that the settings name and that there are not, or that nobody can do without. Shapes are the schema's matter. */
export function findUnknownRules(root: Node): Finding[] {
  return [...namedRules(root)].flatMap(({ id, range, isLeftOut }) => {
    const message = whatIsWrong(id, isLeftOut);
    return message === undefined ? [] : [{ rule: 'unknown-key', pointer: '', range, message }];
  });
}

/** In words, or undefined where nothing is. */
export function whatIsWrong(id: string, isLeftOut: boolean): string | undefined {
  const ids = rules.map((rule) => rule.id);
  if (!ids.includes(id)) {
    const meant = didYouMean(id, ids);
    const hint = meant === undefined ? 'see sagecfg rules' : `did you mean "${meant}"?`;
    return `no rule is called ${JSON.stringify(id)}: ${hint}`;
  }
  return isLeftOut && !isSuppressible(id)
    ? `"${id}" cannot be left out: it says that a file could not be checked`
    : undefined;
}

interface NamedRule {
  readonly id: string;
  readonly range: Range;
  readonly isLeftOut: boolean;
}

function* namedRules(root: Node): Iterable<NamedRule> {
  if (root.kind !== 'mapping') return;
  yield* severitiesIn(root);
  for (const override of itemsOf(root, 'overrides')) yield* severitiesIn(override);
  for (const entry of itemsOf(root, 'ignore')) {
    const rule = entryOf(entry, 'rule')?.value;
    if (rule?.kind === 'scalar' && typeof rule.value === 'string')
      yield { id: rule.value, range: rule.range, isLeftOut: true };
  }
}

function* severitiesIn(mapping: MappingNode): Iterable<NamedRule> {
  const severities = entryOf(mapping, 'rules')?.value;
  if (severities?.kind !== 'mapping') return;
  for (const { key, keyRange, value } of severities.entries)
    yield { id: key, range: keyRange, isLeftOut: value.kind === 'scalar' && value.value === 'off' };
}

function itemsOf(root: MappingNode, key: string): MappingNode[] {
  const list = entryOf(root, key)?.value;
  if (list?.kind !== 'sequence') return [];
  return list.items.flatMap(({ value }) => (value.kind === 'mapping' ? [value] : []));
}
