import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { compilePattern, formatDate } from '../../src/template/compile-pattern.ts';
import { patternLetters } from '../../src/template/pattern-letters.ts';
import { templateVariables } from '../../src/template/template-variables.ts';

const page = readFileSync(new URL('../../docs/dates.md', import.meta.url), 'utf8');

/** The cells of the table that follows a heading, without its head. */
function readTable(heading: string): readonly (readonly string[])[] {
  const section = page.slice(page.indexOf(`## ${heading}\n`));
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

describe('docs/dates.md', () => {
  test.each(readTable('Letters'))('says what %s means: %s, %s', (letters, meaning, example) => {
    const result = compilePattern(letters ?? '');
    expect(result.pieces.map((piece) => piece.meaning)).toEqual([meaning]);
    expect(formatDate(letters ?? '', Date.parse('2026-11-23T10:15:07.042Z'), 'America/New_York')).toBe(
      example,
    );
  });

  test('has every letter', () => {
    const listed = new Set(readTable('Letters').map(([letters]) => letters?.charAt(0)));
    expect(listed).toEqual(new Set(Object.keys(patternLetters)));
  });

  test('has every variable with its meaning', () => {
    const listed = readTable('Templates').map(([name, meaning]) => [name, meaning]);
    const known = Object.values(templateVariables).map(({ variable, meaning }) => [variable, meaning]);
    expect(new Map(listed.map(([name, meaning]) => [name, meaning]))).toEqual(
      new Map(known.map(([name, meaning]) => [name, meaning])),
    );
  });
});
