import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findResource } from '../../src/catalog/sage-resource.ts';
import { toValue } from '../../src/document/to-value.ts';
import { extendText, type ExtendTextOptions, type LockedMark } from '../../src/generate/extend-text.ts';
import { isObject, type ObjectValue } from '../../src/generate/fields.ts';
import { fingerprintOf, parseFingerprint } from '../../src/generate/fingerprint.ts';
import { renderEntries } from '../../src/generate/generate-instance.ts';
import { lintText } from '../../src/lint/lint-text.ts';

const invoices = findResource('invoices');
const pattern = "yyyy-MM-dd'T'HH:mm:ss'Z'";
const urlOf = (name: string, more = ''): string =>
  `/hubs/finance/${name}?where=lastModifiedDate>='\${gmtDate:${pattern}}' and attributes='created_at,updated_at'${more}`;
const customers: ObjectValue = {
  url: urlOf('customers'),
  idField: 'id',
  pageSize: 100,
  datesConfiguration: {
    updatedDateField: 'updated_at',
    updatedDateFormat: pattern,
    updatedDateTimezone: 'GMT',
    createdDateField: 'created_at',
    createdDateFormat: pattern,
    createdDateTimezone: 'GMT',
  },
};

/** The same poller configuration in each way that it can be written. */
const styles: Readonly<Record<string, (entries: ObjectValue) => string>> = {
  'block YAML': (entries) => renderEntries(entries, 'yaml'),
  'YAML with an entry on one line': (entries) =>
    Object.entries(entries)
      .map(([name, entry]) => `${name}: ${JSON.stringify(entry)}\n`)
      .join(''),
  'pretty JSON': (entries) => JSON.stringify(entries, undefined, 2),
  'JSON on one line': (entries) => JSON.stringify(entries),
  CRLF: (entries) => renderEntries(entries, 'yaml').replaceAll('\n', '\r\n'),
  'a string in an instance': (entries) =>
    JSON.stringify({
      element: { key: 'sageone' },
      name: 'acme',
      configuration: {
        'oauth.api.key': '${env:A}',
        'oauth.api.secret': '${env:B}',
        'oauth.callback.url': 'https://app.example.com',
        'event.poller.configuration': JSON.stringify(entries, undefined, 2),
      },
    }),
};

describe.each(Object.keys(styles))('a generated entry in %s', (style) => {
  test('follows its source, and keeps what its author has changed, added and removed', () => {
    const first = generate(write(style, { customers }), { isMarking: true });
    const edited = edit(first.text, style, (entries) => ({
      customers: {
        ...asObject(entries['customers']),
        url: urlOf('customers', '&orderBy=name'),
        pageSize: 50,
        pollDelay: 30,
      },
      invoices: { ...without(entries['invoices'], 'idField'), pageSize: 7, createdCheckTolerance: 3 },
    }));
    const updated = update(edited, first.lock);
    expect(updated.gaps).toMatchObject([
      {
        kind: 'stale',
        message: 'entry "invoices" was generated from an earlier "customers": /pollDelay is stale',
      },
    ]);
    expect(updated.notes).toContain('entry "invoices": /pageSize kept as you changed it');
    expect(pollerIn(updated.text)['invoices']).toEqual({
      ...without(customers, 'idField'),
      url: urlOf('invoices'),
      pageSize: 7,
      createdCheckTolerance: 3,
      pollDelay: 30,
    });
    const again = update(updated.text, updated.lock);
    expect(again).toMatchObject({ gaps: [], text: updated.text });
  });

  test('changes by whoever changed it last, key by key', () => {
    const names = ['x-rank', 'pageSize', 'pollDelay', 'createdCheckTolerance', 'x-note'];
    const change = fc.dictionary(
      fc.constantFrom(...names),
      fc.option(
        fc.integer({ min: 1, max: 199 }).map((number) => number),
        { nil: undefined },
      ),
    );
    fc.assert(
      fc.property(change, change, (bySource, byAuthor) => {
        const first = generate(write(style, { customers: { ...customers, 'x-note': 5 } }), {
          isMarking: true,
        });
        const before = pollerIn(first.text);
        const edited = edit(first.text, style, (entries) => ({
          customers: apply(asObject(entries['customers']), bySource),
          invoices: apply(asObject(entries['invoices']), byAuthor),
        }));
        const { text, lock } = update(edited, first.lock);
        const after = asObject(pollerIn(text)['invoices']);
        const source = asObject(pollerIn(edited)['customers']);
        const own = asObject(pollerIn(edited)['invoices']);
        for (const name of names) {
          const isTouched = own[name] !== asObject(before['invoices'])[name];
          expect([name, after[name]]).toEqual([name, isTouched ? own[name] : source[name]]);
        }
        expect(update(text, lock)).toMatchObject({ gaps: [], text });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a mark', () => {
  test('stands in a comment where there is room for one, and beside the text otherwise', () => {
    for (const style of Object.keys(styles)) {
      const { text, lock } = generate(write(style, { customers }), { isMarking: true });
      const hasComment = text.includes('# sagecfg:generated from=customers hash=');
      expect([style, hasComment]).toEqual([style, !/JSON|string/.test(style)]);
      expect(lock.length).toBe(hasComment ? 0 : 1);
    }
  });

  test('is written only when it is asked for', () => {
    const { text, lock } = generate(write('block YAML', { customers }), {});
    expect({ lock, hasMark: text.includes('sagecfg:generated') }).toEqual({ lock: [], hasMark: false });
  });

  test('is not copied with the entry that bears it', () => {
    for (const style of ['block YAML', 'YAML with an entry on one line']) {
      const { text } = generate(write(style, { customers }), { isMarking: true });
      const vendors = findResource('vendors');
      const linted = lintText(text, { syntax: 'yaml' });
      const more = extendText(
        linted,
        { resources: vendors ? [vendors] : [], from: 'invoices' },
        { syntax: 'yaml' },
      );
      expect(more.text.match(/sagecfg:generated/g)).toHaveLength(1);
    }
  });

  test('of what the catalog recommends is followed too', () => {
    const { text } = generate(write('block YAML', { products: { ...customers, url: urlOf('products') } }), {
      isMarking: true,
      from: 'customers',
    });
    expect(text).toContain('from=catalog: hash=');
    expect(update(text, []).gaps).toEqual([]);
    const stale = text.replace(/(invoices: .*hash=.{7})/, '$1').replace(/hash=.{7}/, 'hash=AAAAAAA');
    expect(update(stale, []).gaps).toHaveLength(1);
  });

  test.each([
    ['is damaged', (text: string) => text.replace(/hash=.{9}/, 'hash=')],
    ['names a source that is gone', (text: string) => text.replace('from=customers', 'from=shoppers')],
    ['names a source with a spoilt name', (text: string) => text.replace('from=customers', 'from=%E0%A4%A')],
  ])('that %s leaves its entry alone, and says so', (_what, spoil) => {
    const { text } = generate(write('block YAML', { customers }), { isMarking: true });
    const spoilt = spoil(text);
    const updated = update(spoilt, []);
    expect(updated).toMatchObject({ text: spoilt, gaps: [] });
    expect(updated.notes[0]).toContain('left alone');
  });
});

describe('a fingerprint', () => {
  const before = parseFingerprint(fingerprintOf({ a: 1, b: { c: 'x' }, d: {}, e: [1] }));

  test.each([
    ['/a', 1, true, true],
    ['/a', '1', true, false],
    ['/b/c', 'x', true, true],
    ['/b', 'x', false, false],
    ['/d', {}, true, true],
    ['/e', [1], true, true],
    ['/e', [2], true, false],
    ['/f', 1, false, false],
  ])('knows of %s with %j', (pointer, value, hadKey, had) => {
    expect([before?.hadKey(pointer), before?.had(pointer, value)]).toEqual([hadKey, had]);
  });

  test.each(['abc', 'abcdef!', '12345678'])('is not %j', (text) => {
    expect(parseFingerprint(text)).toBeUndefined();
  });
});

function write(style: string, entries: ObjectValue): string {
  return styles[style]?.(entries) ?? '';
}

function generate(text: string, options: Partial<ExtendTextOptions>) {
  const resources = invoices === undefined ? [] : [invoices];
  return extendText(lintText(text), { resources, from: undefined, ...options }, {});
}

function update(text: string, lock: readonly LockedMark[]) {
  return extendText(lintText(text), { resources: [], from: undefined, lock }, {});
}

/** Somebody edits the file: written anew in its style, with the mark where it was. */
function edit(text: string, style: string, change: (entries: ObjectValue) => ObjectValue): string {
  const mark = / # sagecfg:generated \S+ \S+/.exec(text)?.[0] ?? '';
  const written = write(style, change(pollerIn(text)));
  return written.replace(/^invoices:.*?(?=\r?$)/m, (line) => line + mark);
}

function pollerIn(text: string): ObjectValue {
  const poller = lintText(text).instances[0]?.poller;
  const plain: ObjectValue = poller === undefined ? {} : JSON.parse(JSON.stringify(toValue(poller.node)));
  return plain;
}

function asObject(value: ObjectValue[string] | undefined): ObjectValue {
  return value !== undefined && isObject(value) ? value : {};
}

function without(value: ObjectValue[string] | undefined, name: string): ObjectValue {
  const { [name]: _removed, ...others } = asObject(value);
  return others;
}

function apply(entry: ObjectValue, changes: Readonly<Record<string, number | undefined>>): ObjectValue {
  const all = Object.entries({ ...entry, ...changes });
  return Object.fromEntries(
    all.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
