import { expect, it } from 'vitest';
import { lintText } from '../../src/lint/lint-text.ts';
import { rules } from '../../src/lint/rules/index.ts';

const examples = rules.flatMap(({ examples: all }) => all.flatMap(({ bad, good }) => [bad, good]));

function tenant(entry: string, element = 'sageone'): string {
  return `element: {key: ${element}}\nconfiguration:\n  event.poller.configuration:\n${entry}`;
}

function said(text: string) {
  return lintText(text).problems.map(({ rule, message }) => `${rule}: ${message}`);
}

it('says of an entry what it said of one like it, at its own place', () => {
  for (const text of examples) {
    const first = lintText(text).problems;
    // A comment, or in JSON a blank line, moves everything.
    const moved = text.trimStart().startsWith('{') ? '\n\n' : '# moved\n\n';
    const again = lintText(moved + text);
    const shifted = first.map(({ rule, message, range }) => [
      rule,
      message,
      range.start + moved.length,
      range.end + moved.length,
    ]);
    const found = again.problems.map(({ rule, message, range }) => [rule, message, range.start, range.end]);
    // A directive, or an error at the very beginning, is about the text and not about an entry.
    if (/^%|^\uFEFF/.test(text) || first.some(({ range }) => range.start === 0)) continue;
    expect({ text, found }).toEqual({ text, found: shifted });
  }
});

it('takes the same lines for another entry where they stand in another place', () => {
  const lines = "customers:\n        url: /hubs/finance/customers?where=updated_at>'${gmtDate:yyyy}'\n";
  const inside = said(tenant(`    ${lines}`));
  const beside = said(tenant(`        ${lines}`));
  expect(said(tenant(`    ${lines}`))).toEqual(inside);
  expect(beside).not.toEqual(inside);
});

it('takes the same entry for another one in another element', () => {
  const entry = '    customers: {url: /hubs/finance/customers}\n';
  const ofSage = said(tenant(entry));
  const ofOthers = said(tenant(entry, 'quickbooks'));
  expect(ofOthers).not.toEqual(ofSage);
  expect(said(tenant(entry))).toEqual(ofSage);
  expect(said(tenant(entry, 'quickbooks'))).toEqual(ofOthers);
});

it('looks again at what comes by way of an alias', () => {
  const text = (url: string): string =>
    `name: &url ${url}\n${tenant('    customers: {url: *url, idField: id}\n')}`;
  const sound = said(text("/hubs/finance/customers?where=updated_at>='2026'"));
  expect(said(text('/hubs/crm/customers'))).not.toEqual(sound);
  expect(said(text("/hubs/finance/customers?where=updated_at>='2026'"))).toEqual(sound);
});
