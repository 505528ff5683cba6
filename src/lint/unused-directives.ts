import { didYouMean } from '../problem/did-you-mean.ts';
import type { Finding, Fix, Range } from '../problem/problem.ts';
import { directiveKinds, type Directive, type NamedRule } from './parse-directives.ts';
import { isSuppressible } from './suppressible.ts';

const rule = 'unused-suppression';

interface KnownRules {
  readonly knownRules: readonly string[];
  /** Whether to look for the rule that was meant: for thousands of comments that takes seconds. */
  readonly hints: boolean;
}

/** What is wrong with a comment as it is written, whatever stands around it. */
export function directiveMistakes(directive: Directive, { knownRules, hints }: KnownRules): Finding[] {
  const { kind, rules, range } = directive;
  const isKnown = directiveKinds.some((known) => known === kind);
  if (!isKnown) return [{ rule, pointer: '', range, ...unknownKind(kind, range) }];
  if (rules.length === 0 && kind !== 'enable') {
    const message = `"sagecfg-${kind}" names no rule: expected "sagecfg-${kind} RULE -- reason"`;
    return [{ rule, pointer: '', range, message }];
  }
  return rules.flatMap((named) => nameMistakes(named, { knownRules, hints }));
}

function unknownKind(kind: string, range: Range): Pick<Finding, 'message' | 'fix'> {
  const meant = didYouMean(kind, directiveKinds);
  const message = `there is no comment "sagecfg-${kind}"`;
  if (meant === undefined)
    return { message: `${message}: expected sagecfg-${directiveKinds.join(', sagecfg-')}` };
  return { message: `${message}: did you mean "sagecfg-${meant}"?`, fix: rename(range, `sagecfg-${meant}`) };
}

function nameMistakes({ id, range }: NamedRule, { knownRules, hints }: KnownRules): Finding[] {
  if (!knownRules.includes(id)) {
    const meant = hints ? didYouMean(id, knownRules) : undefined;
    const hint = meant === undefined ? 'see sagecfg rules' : `did you mean "${meant}"?`;
    const message = `no rule is called ${JSON.stringify(id)}: ${hint}`;
    return [{ rule, pointer: '', range, message, ...(meant !== undefined && { fix: rename(range, meant) }) }];
  }
  if (isSuppressible(id)) return [];
  return [
    {
      rule,
      pointer: '',
      range,
      message: `"${id}" cannot be suppressed`,
      help: 'It says that the file could not be checked, so it would hide everything else as well. Leave the whole file out in .sagecfgignore.',
    },
  ];
}

/** A guess: with the right name, the comment hides something that is now reported. */
function rename(range: Range, text: string): Fix {
  return { safe: false, title: `write "${text}"`, edits: [{ range, text }] };
}

/** The rules of a comment that it does not hide anything of. With none left, the comment can go. */
export function unusedDirective(text: string, directive: Directive, unused: ReadonlySet<string>): Finding[] {
  const isWhole = directive.rules.every(({ id }) => unused.has(id));
  if (unused.size === 0) return [];
  return directive.rules
    .filter(({ id }) => unused.has(id))
    .map(({ id, range }, index) => ({
      rule,
      pointer: '',
      range,
      message: `"${id}" finds nothing here: the comment has no purpose`,
      help: 'A comment that stays behind would hide the next mistake of its kind.',
      ...(isWhole && index === 0 && { fix: removal(text, directive.comment) }),
    }));
}

function removal(text: string, { start, end }: Range): Fix {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0];
  const isAlone = lineEnd !== undefined && text.slice(lineStart, start).trim() === '';
  const before = /[ \t]*$/.exec(text.slice(lineStart, start))?.[0].length ?? 0;
  const range = isAlone ? { start: lineStart, end: end + lineEnd.length } : { start: start - before, end };
  return { safe: true, title: 'remove the comment', edits: [{ range, text: '' }] };
}
