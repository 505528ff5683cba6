import { describe, expect, it } from 'vitest';
import { listResources } from '../../src/catalog/sage-resource.ts';
import { runCommand } from '../command-line.ts';

const names = listResources().map(({ name }) => name);

describe('resources', () => {
  it('lists every resource in a table, with endpoint and fixed query', async () => {
    const { exitCode, stdout } = await runCommand(['resources']);
    const rows = stdout.split('\n\n')[0]?.split('\n').slice(1) ?? [];
    expect({ exitCode, names: rows.map((row) => row.split(' ')[0]) }).toEqual({ exitCode: 0, names });
    expect(rows[0]).toMatch(
      /^customers +\/contacts\?contact_type_id=CUSTOMER +updated_or_created_since +deleted_since +CA ES/,
    );
    expect(stdout).toMatch(/\d+ resources, \d+ of them can be polled by change/);
  });

  it('gives the whole catalog as JSON', async () => {
    const { stdout } = await runCommand(['resources', '-f', 'json']);
    const parsed: unknown = JSON.parse(stdout);
    expect(parsed).toEqual({
      formatVersion: '1.0',
      resources: JSON.parse(JSON.stringify(listResources())),
    });
  });

  it('gives a Markdown table with the reasons and the alternatives', async () => {
    const { stdout } = await runCommand(['resources', '--format', 'markdown']);
    const rows = stdout.trimEnd().split('\n');
    expect(rows.length).toBe(names.length + 2);
    // A cell that held a bar would make one more column.
    expect(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 8)).toEqual([]);
    expect(stdout).toContain('| `sales-quotes` | `/sales_quotes` |');
    expect(stdout).toContain('Instead, poll "stock-items"');
  });

  it('knows no other format', async () => {
    expect((await runCommand(['resources', '-f', 'xml'])).exitCode).toBe(2);
  });
});
