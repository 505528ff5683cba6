import { describe, expect, it } from 'vitest';
import { expandStringified } from '../../src/document/expand-stringified.ts';
import { locate } from '../../src/document/locate.ts';
import { readDocuments } from '../../src/document/read-documents.ts';

const poller = { customers: { url: `/hubs/finance/customers?where=a>='\${date:yyyy}'`, idField: 'id' } };
const stringified = JSON.stringify(poller);
const pointer = '/configuration/event.poller.configuration/customers/url';

const texts: readonly [name: string, text: string][] = [
  ['JSON', JSON.stringify({ configuration: { 'event.poller.configuration': stringified } })],
  [
    'YAML in single quotes',
    `configuration:\n  event.poller.configuration: '${stringified.replaceAll("'", "''")}'\n`,
  ],
  ['YAML in double quotes', `configuration:\n  event.poller.configuration: ${JSON.stringify(stringified)}\n`],
  ['a YAML block', `configuration:\n  event.poller.configuration: |\n    ${stringified}\n`],
  [
    'a YAML block over lines',
    `configuration:\n  event.poller.configuration: |\n${JSON.stringify(poller, undefined, 2).replaceAll(/^/gm, '    ')}\n`,
  ],
];

describe('a stringified poller configuration', () => {
  it.each(texts)('is read in place, with places in the text, in %s', (_, text) => {
    const root = readDocuments(text)[0]?.root;
    if (root === undefined) throw new Error('expected a document');
    const { root: expanded, findings } = expandStringified(root);
    expect(findings).toEqual([]);
    const url = locate(expanded, pointer)?.node;
    if (url?.kind !== 'scalar') throw new Error('expected a scalar');
    expect(url.value).toBe(poller.customers.url);
    const index = poller.customers.url.indexOf('where');
    expect(text.slice(url.offsetAt(index), url.offsetAt(index + 5))).toBe('where');
    // What is written back into it reads as what was meant.
    const quote = url.encode("'");
    const changed = text.slice(0, url.offsetAt(index)) + quote + text.slice(url.offsetAt(index));
    const again = expandStringified(readDocuments(changed)[0]?.root ?? root).root;
    expect(locate(again, pointer)?.node).toMatchObject({
      value: poller.customers.url.replace('where', "'where"),
    });
  });

  it('reports what is wrong inside it at its place in the text, with a fix that fits', () => {
    const inner = '{"customers": {"url": "/a" "idField": "id"}}';
    const text = JSON.stringify({ configuration: { 'event.poller.configuration': inner } });
    const root = readDocuments(text)[0]?.root;
    if (root === undefined) throw new Error('expected a document');
    const [finding] = expandStringified(root).findings;
    expect(finding).toMatchObject({ rule: 'syntax', message: 'missing comma between two values' });
    const edit = finding?.fix?.edits[0];
    const fixed = text.slice(0, edit?.range.start) + edit?.text + text.slice(edit?.range.end);
    const { configuration } = JSON.parse(fixed) as { configuration: Record<string, string> };
    expect(JSON.parse(configuration['event.poller.configuration'] ?? '')).toEqual({
      customers: { url: '/a', idField: 'id' },
    });
  });
});
