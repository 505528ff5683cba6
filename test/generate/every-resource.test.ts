import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sageRequestFor, takesFilter, type SageRequest } from '../../src/catalog/sage-request.ts';
import { listResources, type SageResource } from '../../src/catalog/sage-resource.ts';
import { generateInstance } from '../../src/generate/generate-instance.ts';
import { extendText } from '../../src/generate/extend-text.ts';
import { languages } from '../../src/generate/quote.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import { expandUrl } from '../../src/template/expand-url.ts';

const factsFile = new URL('../../../shared/facts/sage-resources.json', import.meta.url);
const specification = existsSync(factsFile) ? readSpecification() : undefined;
const pollable = listResources().filter(({ changeFilter }) => changeFilter !== undefined);
const [customers, ...others] = pollable;
const sinceMs = Date.UTC(2026, 10, 23, 10, 0, 0);

describe('for every resource', () => {
  test.each(pollable)('a new configuration of $name asks Sage only what Sage has', (resource) => {
    for (const language of languages) {
      const requests = requestsOf(generateInstance([resource], language), language);
      expect(requests).toHaveLength(1);
      for (const request of requests) expectKnown(request, resource);
    }
  });

  test.each(others)('a clone of customers as $name asks Sage only what Sage has', (resource) => {
    for (const language of languages) {
      const source = generateInstance(customers === undefined ? [] : [customers], language);
      const linted = lintText(source, { syntax: language });
      const { text } = extendText(linted, { resources: [resource], from: undefined }, { syntax: language });
      const requests = requestsOf(text, language);
      expect(requests).toHaveLength(2);
      expectKnown(requests[1], resource);
    }
  });
});

/** The requests of a text that has no problem worth a warning. */
function requestsOf(text: string, syntax: 'yaml' | 'json') {
  const { problems, instances } = lintText(text, { syntax });
  expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
  const entries = instances.flatMap(({ poller }) => poller?.entries ?? []);
  return entries.map((entry) => {
    const { expanded, faults } = expandUrl(entry.url?.value ?? '', { sinceMs, nowMs: sinceMs });
    expect(faults).toEqual([]);
    expect(expanded).toContain("lastModifiedDate>='2026-11-23T10:00:00Z'");
    const translation = sageRequestFor(expanded);
    expect(translation.faults).toEqual([]);
    return translation.request;
  });
}

function expectKnown(request: SageRequest | undefined, resource: SageResource): void {
  expect(request).toMatchObject({ path: resource.endpoint, isFilteredByChange: true });
  const parameters = [...(request?.query.keys() ?? [])].filter((name) => !(name in resource.query));
  expect(parameters.filter((name) => !takesFilter(resource, name))).toEqual([]);
  expect(request?.query.get('attributes')?.split(',')).toEqual(
    expect.arrayContaining(['created_at', 'updated_at']),
  );
  const specified = specification?.get(resource.endpoint);
  if (specification === undefined) return;
  const asked = [...(request?.query.keys() ?? []), resource.changeFilter, resource.deletionFilter];
  expect(asked.filter((name) => name !== undefined && specified?.has(name) !== true)).toEqual([]);
}

/** What Sage's own specification lets a list be asked, by path. */
function readSpecification(): ReadonlyMap<string, ReadonlySet<string>> {
  const { resources }: { readonly resources: readonly FactRow[] } = JSON.parse(
    readFileSync(factsFile, 'utf8'),
  );
  return new Map(
    resources.map((row) => [
      row.path,
      new Set([
        'attributes',
        ...row.filters,
        ...(row.updated_or_created_since ? ['updated_or_created_since'] : []),
        ...(row.deleted_since ? ['deleted_since'] : []),
        ...(row.sort.length > 0 ? ['sort'] : []),
      ]),
    ]),
  );
}

interface FactRow {
  readonly path: string;
  readonly filters: readonly string[];
  readonly updated_or_created_since: boolean;
  readonly deleted_since: boolean;
  readonly sort: readonly string[];
}
