import { describe, expect, it } from 'vitest';
import { fixText, type FixedText } from '../../src/lint/fix-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import { rules } from '../../src/lint/rules/index.ts';

/** Few, so that the next rule that is written changes nothing here. */
const watched = new Set([
  'angle-template',
  'no-change-filter',
  'suspicious-date-pattern',
  'template-variable-case',
  'trailing-url-text',
  'unbalanced-url-quote',
  'unknown-template-variable',
  'url-whitespace',
  'where-syntax',
]);
const others = rules.map(({ id }) => id).filter((id) => !watched.has(id));
const options = {
  kind: 'poller-configuration',
  includeUnsafe: false,
  severities: new Map(others.map((id) => [id, 'off'] as const)),
} as const;

describe('fixes', () => {
  it('are taken when an error gives way to a warning', () => {
    const fixed = fix(`contacts: {idField: id, url: "/hubs/crm/contacts'"}\n`);
    expect(fixed.text).toBe(`contacts: {idField: id, url: "/hubs/crm/contacts"}\n`);
    expect(fixed.problems.map(({ rule }) => rule)).toEqual(['no-change-filter']);
    expect(fixed.fixed).toBe(1);
  });

  it('change nothing but the characters that are wrong', () => {
    const text = [
      '# tenants',
      'contacts:   # the big one',
      '    idField : id',
      "    url: '/hubs/crm/contacts?where=updated=>''$<epoch>'''",
      '',
    ].join('\r\n');
    const fixed = fix(text);
    expect(fixed.text).toBe(text.replace('=>', '>=').replace('$<epoch>', '${epoch}'));
    expect(fixed).toMatchObject({ problems: [], fixed: 2 });
  });

  it('that are guesses are left alone unless they are asked for', () => {
    const text =
      "contacts: {idField: id, url: '/hubs/crm/contacts?where=updated>''${gmtdDate:yyyy-MM-dd}'''}\n";
    expect(fix(text)).toMatchObject({ text, fixed: 0 });
    expect(fix(text, true)).toMatchObject({ text: text.replace('gmtdDate', 'gmtDate'), fixed: 1 });
  });

  it('mend one YAML slip after the other, though each is seen only once that above it is mended', () => {
    const names = Array.from({ length: 25 }, (_, index) => `contacts${index}`);
    const right = names.map((name) => `${name}:\n  url: /hubs/crm/${name}\n  idField: id\n`).join('');
    const wrong = right.replaceAll('idField: id', 'idField:id');
    const all = { ...options, severities: new Map(rules.map(({ id }) => [id, 'off'] as const)) };
    all.severities.delete('syntax');
    const fixed = fixText(lintText(wrong, all), all);
    expect(fixed).toMatchObject({ text: right, fixed: 25, problems: [] });
  });

  it('uncover each other until nothing is left', () => {
    const fixed = fix(
      `contacts: {idField: id, url: " /hubs/crm/contacts?where=updated>'\${gmtdate:yyyy-mm-dd} "}\n`,
    );
    expect(fixed.text).toBe(
      `contacts: {idField: id, url: "/hubs/crm/contacts?where=updated>'\${gmtDate:yyyy-MM-dd}'"}\n`,
    );
    expect(fixText(fixed, options).fixed).toBe(0);
  });
});

function fix(text: string, includeUnsafe = false): FixedText {
  return fixText(lintText(text, options), { ...options, includeUnsafe });
}
