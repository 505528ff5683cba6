import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildGeneratorData } from '../../src/generate/generator-data.ts';
import { generatorNames } from '../../src/generate/generator.ts';
import { generateInstance } from '../../src/generate/generate-instance.ts';
import { findResource } from '../../src/catalog/sage-resource.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const page = await readFile(resolve(import.meta.dirname, '../../docs/generators.md'), 'utf8');
const tenant = (name: string): string =>
  `element: {key: sageone}\nname: ${name}\nconfiguration:\n  oauth.api.key: "\${env:A}"\n  oauth.api.secret: "\${env:B}"\n  oauth.callback.url: https://app.example.com\n  event.poller.configuration:\n    customers: {url: "/hubs/finance/customers?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd}'"}\n    sales-quotes: {url: "/hubs/finance/sales-quotes?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd}'"}\n`;

describe('the page about generators', () => {
  test('gives a generator of three files that works', async () => {
    const files = [...page.matchAll(/^`(mine\/[\w./]+)`:\n\n```\w+\n([^]*?)^```$/gm)];
    expect(files).toHaveLength(3);
    await using folder = await temporaryFolder({
      ...Object.fromEntries(files.map(([, name = '', text = '']) => [name, text])),
      'tenants/a.yaml': `${tenant('Harbour & Pike')}---\n${tenant('south')}`,
    });
    const [, command = ''] = /^```sh\nsagecfg (.*)\n```$/m.exec(page) ?? [];
    const argumentList = command.replace('tenants/*.yaml', 'tenants/a.yaml').split(' ');
    const run = await runCommand(argumentList, { workingDirectory: folder.path });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(await folder.read('pages/south.md')).toMatch(/^# south\n/);
    expect(await folder.read('pages/Harbour_Pike.md')).toBe(
      "# Harbour \\& Pike\n\n- customers: `/hubs/finance/customers?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd}'`, deletions are seen\n\n- sales-quotes: `/hubs/finance/sales-quotes?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd}'`, deletions are not seen\n\n",
    );
  });

  test('lists every generator of the package', () => {
    expect([...page.matchAll(/^\| `([a-z]+)` \| /gm)].map(([, name]) => name)).toEqual(
      expect.arrayContaining([...generatorNames()]),
    );
  });

  test('names every key of the data, and none that is not there', () => {
    const customers = findResource('customers');
    const text = generateInstance(customers === undefined ? [] : [customers], 'yaml');
    const data = buildGeneratorData(lintText(text).instances.map((instance) => ({ instance, file: '' })));
    const section = page.slice(page.indexOf('## The data'), page.indexOf('A `slug` is'));
    const [instance] = data.instances;
    const rows: readonly (readonly [string, object | undefined])[] = [
      ['instances', instance],
      ['instances[].entries', instance?.entries[0]],
      ['resources', data.resources[0]],
      ['commands', data.commands],
      ['tool', data.tool],
    ];
    for (const [name, value] of rows) {
      const row = section.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
      const keys = [...row.replaceAll(/\([^)]*`[^)]*\)/g, '').matchAll(/`([A-Za-z]+)`/g)].map(
        ([, key]) => key,
      );
      const expected = Object.keys(value ?? {}).filter((key) => key !== name);
      expect(new Set(keys.filter((key) => key !== name))).toEqual(new Set(expected));
    }
    const top = [...section.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, key]) => key);
    expect(new Set(top)).toEqual(new Set(Object.keys(data)));
  });
});
