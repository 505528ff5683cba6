import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findResource, listResources } from '../../src/catalog/sage-resource.ts';
import { extendText, type ExtendedText } from '../../src/generate/extend-text.ts';
import { lintText, type LintOptions } from '../../src/lint/lint-text.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/generate');
const cases = readdirSync(fixtures).flatMap((name) =>
  readdirSync(join(fixtures, name))
    .filter((file) => file.startsWith('before'))
    .map((file) => ({ name, syntax: file.endsWith('.json') ? ('json' as const) : ('yaml' as const), file })),
);

describe('a file as somebody wrote it', () => {
  test.each(cases)('$name gets the entry in its own style', ({ name, file, syntax }) => {
    const { text } = extend(read(name, file), ['invoices'], { syntax });
    expect(text).toBe(read(name, file.replace('before', 'after')));
  });

  test.each(cases)('$name is left alone by a second run', ({ name, file, syntax }) => {
    const after = read(name, file.replace('before', 'after'));
    expect(extend(after, ['invoices'], { syntax })).toMatchObject({ text: after, gaps: [] });
  });

  test.each(cases.filter(({ name }) => !name.includes('stale')))(
    '$name keeps every character that was there',
    ({ name, file, syntax }) => {
      const before = read(name, file);
      const { text } = extend(before, ['invoices', 'sales-quotes'], { syntax });
      expect(isContained(before, text)).toBe(true);
    },
  );

  test('gets several entries in the order in which they were named', () => {
    const { text, gaps } = extend(read('yaml-comments', 'before.yaml'), ['payments', 'invoices'], {});
    expect(gaps.map(({ resource }) => resource)).toEqual(['payments', 'invoices']);
    const keys = [...text.matchAll(/^ {4}([\w-]+):/gm)].map(([, key]) => key);
    expect(keys).toEqual(['customers', 'payments', 'invoices']);
  });

  test('takes the entry named as the source', () => {
    const { text } = extend(read('yaml-last-entry', 'before.yaml'), ['invoices'], {}, 'vendors');
    expect(text).not.toMatch(/invoices:\n.*\n {2}pageSize/);
    expect(text.indexOf('invoices:')).toBeLessThan(text.indexOf('products:'));
  });

  test('tells what is missing and what reads another resource', () => {
    const { gaps } = extend(read('yaml-stale', 'before.yaml'), ['invoices', 'payments'], {});
    expect(gaps).toEqual([
      {
        kind: 'stale',
        resource: 'invoices',
        pointer: '/invoices',
        message: 'entry "invoices" reads "/hubs/finance/customers"',
      },
      { kind: 'missing', resource: 'payments', pointer: '', message: 'entry "payments" is missing' },
    ]);
  });
});

test('an instance without a poller configuration is left alone, and said so', () => {
  const body =
    'element: {key: sageone}\nconfiguration:\n  oauth.api.key: "${env:A}"\n  oauth.api.secret: "${env:B}"\n  oauth.callback.url: https://app.example.com\nname: idle\n';
  const { notes, text } = extend(`${body}---\n${read('yaml-comments', 'before.yaml')}`, ['invoices'], {});
  expect(notes).toEqual(['instance "idle" left alone: it has no poller configuration']);
  expect(text).toBe(`${body}---\n${read('yaml-comments', 'after.yaml')}`);
});

describe('what cannot be extended', () => {
  const url = "/hubs/finance/customers?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd}'";
  test.each([
    [
      'has no poller configuration',
      'element: {key: sageone}\nconfiguration:\n  oauth.api.key: "${env:A}"\n  oauth.api.secret: "${env:B}"\n  oauth.callback.url: https://app.example.com\n',
      undefined,
      'there is no poller configuration',
    ],
    ['lacks the source', `customers:\n  url: "${url}"\n`, 'custmers', 'did you mean "customers"?'],
    [
      'is of another element',
      `element: {key: hubspot}\nconfiguration:\n  event.poller.configuration:\n    contacts:\n      url: /hubs/crm/contacts\n`,
      undefined,
      'element "hubspot"',
    ],
    [
      'has a source that is none of Sage’s',
      'contacts:\n  url: "/hubs/crm/contacts?where=x>\'${gmtDate:yyyy}\'"\n',
      undefined,
      'entry "contacts" cannot be cloned',
    ],
    [
      'shares the URL to mend',
      `a: &a {url: "${url}"}\nx: {url: "${url}"}\ninvoices: *a\n`,
      undefined,
      'alias or merge key',
    ],
  ])('a file that %s', (_case, text, from, message) => {
    expect(() => extend(text, ['invoices'], {}, from)).toThrow(message);
  });
});

describe('any layout', () => {
  const pollable = listResources().filter(({ changeFilter }) => changeFilter !== undefined);

  test('is changed by insertion only, and reads back as meant', () => {
    fc.assert(
      fc.property(
        layouts(),
        fc.uniqueArray(fc.constantFrom(...pollable), { minLength: 1, maxLength: 4 }),
        (before, resources) => {
          const names = resources.map(({ name }) => name);
          const { text } = extend(before, names, { syntax: 'yaml' });
          const kept = commonPrefix(before, text) + commonSuffix(before, text);
          expect(kept).toBeGreaterThanOrEqual(before.length);
          const entries = lintText(text, { syntax: 'yaml' }).instances[0]?.poller?.entries ?? [];
          expect(entries.map(({ resource }) => resource.value)).toEqual(expect.arrayContaining(names));
          expect(extend(text, names, { syntax: 'yaml' }).text).toBe(text);
        },
      ),
      { numRuns: 150, seed: 3 },
    );
  }, 120_000);
});

describe('any JSON', () => {
  test('differs by the entry alone, whatever its indentation, as an object and as a string', () => {
    fc.assert(
      fc.property(jsonLayouts(), ({ text, stringified }) => {
        const after = extend(text, ['invoices'], { syntax: 'json' }).text;
        expect(isContained(text, after)).toBe(true);
        const expected = pollerIn(text, stringified);
        const url = String(expected['customers']?.url).replace('/customers', '/invoices');
        expected['invoices'] = { ...expected['customers'], url };
        expect(pollerIn(after, stringified)).toEqual(expected);
      }),
      { numRuns: 150, seed: 3 },
    );
  });
});

type Poller = Record<string, { readonly url: string }>;

function pollerIn(text: string, stringified: boolean): Poller {
  const body: { readonly configuration: Readonly<Record<string, unknown>> } = JSON.parse(text);
  const poller = body.configuration['event.poller.configuration'];
  const parsed: Poller = JSON.parse(stringified ? String(poller) : JSON.stringify(poller));
  return parsed;
}

function jsonLayouts(): fc.Arbitrary<{ readonly text: string; readonly stringified: boolean }> {
  const indentation = fc.constantFrom<number | string>(0, 1, 2, 4, 8, '\t');
  return fc
    .record({
      outer: indentation,
      inner: indentation,
      stringified: fc.boolean(),
      crlf: fc.boolean(),
      note: fc.string({ unit: 'grapheme' }),
      first: fc.boolean(),
      last: fc.boolean(),
    })
    .map(({ outer, inner, stringified, crlf, note, first, last }) => {
      const entry = (name: string) => ({
        url: `/hubs/finance/${name}?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'`,
        'x-note': `a ${note}`,
      });
      const poller = {
        ...(first && { vendors: entry('vendors') }),
        customers: entry('customers'),
        ...(last && { products: entry('products') }),
      };
      const configuration = {
        'oauth.api.key': '${env:A}',
        'oauth.api.secret': '${env:B}',
        'oauth.callback.url': 'https://app.example.com/oauth',
        'event.poller.configuration': stringified ? JSON.stringify(poller, null, inner) : poller,
      };
      const text = JSON.stringify({ element: { key: 'sageone' }, configuration, name: 'acme' }, null, outer);
      return { text: crlf ? text.replaceAll('\n', '\r\n') : text, stringified };
    });
}

/** A poller configuration with customers among other entries, written in one of many ways. */
function layouts(): fc.Arbitrary<string> {
  return fc
    .record({
      eol: fc.constantFrom('\n', '\r\n'),
      bom: fc.constantFrom('', '\uFEFF'),
      step: fc.integer({ min: 1, max: 6 }),
      quote: fc.constantFrom('"', "'", '>-', '|-', ''),
      before: fc.constantFrom('', 'x: {url: /hubs/finance/x}', '# a\n\n# b'),
      between: fc.constantFrom('', '\n', '\n# next', '\n  # deeper & more'),
      after: fc.constantFrom(
        '',
        'vendors: {url: /hubs/finance/vendors}',
        'vendors:\n~url: /hubs/finance/vendors',
        '# the end',
      ),
      comment: fc.constantFrom('', ' # why', '\t# tab'),
      anchor: fc.constantFrom('', ' &customers'),
      isKeyQuoted: fc.boolean(),
      neighbours: neighbours(),
      finalNewlines: fc.integer({ min: 0, max: 3 }),
    })
    .map((layout) => {
      const value =
        "/hubs/finance/customers?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'&pageSize=50";
      const key = layout.isKeyQuoted ? '"customers"' : 'customers';
      const entry = [
        `${key}:${layout.anchor}`,
        `~url: ${written(value, layout.quote)}`,
        `~idField: id${layout.comment}`,
      ];
      const [above, below] = layout.neighbours;
      const text = [layout.before, ...above, ...entry, layout.between, ...below, layout.after]
        .filter((line) => line !== '')
        .join('\n');
      const lines = (text + '\n'.repeat(layout.finalNewlines)).replaceAll('~', ' '.repeat(layout.step));
      return layout.bom + lines.replaceAll('\n', layout.eol);
    });
}

/** Up to 199 entries before and after, on one line or several, some of them very long. */
function neighbours(): fc.Arbitrary<readonly [readonly string[], readonly string[]]> {
  const entry = fc.record({
    style: fc.constantFrom('flow', 'flow lines', 'block'),
    length: fc.constantFrom(0, 0, 0, 2000),
  });
  const few = fc.array(entry, { maxLength: 5 });
  const many = fc.array(entry, { minLength: 100, maxLength: 199, size: 'max' });
  return fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: few }, { weight: 1, arbitrary: many }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([entries, share]) => {
      const lines = entries.map(({ style, length }, index) => {
        const url = `"/hubs/finance/neighbour-${index}?note=${'x'.repeat(length)}"`;
        if (style === 'block') return `neighbour-${index}:\n~# of ours\n~url: ${url}`;
        return style === 'flow'
          ? `neighbour-${index}: {url: ${url}, idField: id} # one line`
          : `neighbour-${index}: {\n~url: ${url},\n~idField: id,\n~}`;
      });
      const middle = Math.floor(lines.length * share);
      return [lines.slice(0, middle), lines.slice(middle)] as const;
    });
}

function written(value: string, quote: string): string {
  if (quote === "'") return `'${value.replaceAll("'", "''")}'`;
  return quote === '>-' || quote === '|-' ? `${quote}\n~~${value}` : quote + value + quote;
}

function extend(text: string, names: readonly string[], options: LintOptions, from?: string): ExtendedText {
  const resources = names.flatMap((name) => findResource(name) ?? []);
  const linted = lintText(text, options);
  expect(linted.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return extendText(linted, { resources, from }, options);
}

function read(name: string, file: string): string {
  return readFileSync(join(fixtures, name, file), 'utf8');
}

/** True when `text` is `part` with characters inserted. */
function isContained(part: string, text: string): boolean {
  let at = 0;
  for (const character of text) if (part.startsWith(character, at)) at += character.length;
  return at === part.length;
}

function commonPrefix(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

function commonSuffix(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left.at(-1 - length) === right.at(-1 - length)) length += 1;
  return length;
}
