import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildGeneratorData } from '../../src/generate/generator-data.ts';
import { generatorNames, readGenerator } from '../../src/generate/generator.ts';
import { refusalOfPath } from '../../src/generate/output-path.ts';
import { planFiles } from '../../src/generate/plan-files.ts';
import { compareFiles, writeFiles } from '../../src/generate/write-files.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const body = (name: string): string =>
  `element: {key: sageone}\nname: ${JSON.stringify(name)}\nconfiguration: {event.poller.configuration: {customers: {url: /hubs/finance/customers}}}\n`;

describe('every generator of the package', () => {
  test.each(generatorNames())('%s says what it makes, and makes it in every format', (name) => {
    const generator = readGenerator(name);
    expect(generator.summary).not.toBe('');
    const formats = new Set(generator.files.map(({ format }) => format));
    for (const format of formats) {
      const planned = planFiles(generator, dataOf(['acme']), format);
      expect(planned.filter(({ text }) => text.trim() === '')).toEqual([]);
    }
  });
});

describe('a plan', () => {
  test('has one file for each instance, which sees all the rest too', async () => {
    await using folder = await generatorFolder(
      { path: '{{path name}}.md', each: 'instances' },
      '{{markdown name}} of {{#each all.instances}}{{markdown name}} {{/each}}',
    );
    expect(plan(folder.path, ['north', 'south'])).toEqual([
      { path: 'north.md', text: 'north of north south ', isKept: false },
      { path: 'south.md', text: 'south of north south ', isKept: false },
    ]);
  });

  test.each([
    [{ path: '{{path name}}.md', each: 'instances' }, ['../../x'], 'cannot be part of a file name'],
    [{ path: '{{path name}}.md', each: 'instances' }, ['a\nb'], 'cannot be part of a file name'],
    [{ path: '{{path name}}.md', each: 'instances' }, ['{{x}}'], 'cannot be part of a file name'],
    [{ path: '{{path name}}', each: 'instances' }, ['NUL'], 'the name of a device'],
    [{ path: '{{path name}}.txt', each: 'instances' }, ['com1'], 'the name of a device'],
    [{ path: '{{path name}}.md', each: 'instances' }, ['shop', 'Shop'], 'two files on one path'],
    [{ path: 'one.md', each: 'instances' }, ['a', 'b'], 'two files on one path'],
    [{ path: '../out.md' }, ['a'], 'leads out of the output folder'],
    [{ path: 'a/../../out.md' }, ['a'], 'leads out of the output folder'],
    [{ path: '/etc/passwd' }, ['a'], 'must be relative'],
    [{ path: 'C:\\x' }, ['a'], 'not every system allows'],
    [{ path: '.git/hooks/pre-commit' }, ['a'], 'nothing is generated into ".git"'],
    [{ path: '{{name}}.md', each: 'instances' }, ['a'], 'expected {{path VALUE}}'],
    [{ path: '{{path nme}}.md', each: 'instances' }, ['a'], 'a value that is not there'],
  ])('with %j for instances %j is refused', async (file, names, message) => {
    await using folder = await generatorFolder(file, 'x');
    expect(() => plan(folder.path, names)).toThrow(message);
  });

  test.each([
    ['{', 'manifest.json'],
    ['[]', 'expected an object'],
    ['{"summary": "x", "files": []}', 'at least one file'],
    ['{"summary": "x", "flies": []}', 'did you mean "files"?'],
    [
      '{"files": [{"template": "a.hbs", "language": "yml", "path": "a"}], "summary": "x"}',
      '"language" must be one of yaml, json, ts, markdown',
    ],
    [
      '{"files": [{"template": "a.hbs", "language": "path", "path": "a"}], "summary": "x"}',
      '"language" must be one of',
    ],
    [
      '{"files": [{"template": "a.hbs", "language": "yaml", "path": "a", "each": "files"}], "summary": "x"}',
      '"each" must be',
    ],
    [
      '{"files": [{"template": "a.hbs", "language": "yaml", "path": "a", "keep": 1}], "summary": "x"}',
      '"keep" must be',
    ],
    [
      '{"files": [{"template": "none.hbs", "language": "yaml", "path": "a"}], "summary": "x"}',
      'cannot read "none.hbs"',
    ],
    [
      '{"files": [{"template": "../../secret", "language": "yaml", "path": "a"}], "summary": "x"}',
      'lies outside its folder',
    ],
    [
      '{"files": [{"template": "link.hbs", "language": "yaml", "path": "a"}], "summary": "x"}',
      'lies outside its folder',
    ],
    [
      '{"uses": ["../x"], "files": [{"template": "a.hbs", "language": "yaml", "path": "a"}], "summary": "x"}',
      'names no generator of the package',
    ],
  ])('by the manifest %s is refused', async (manifest, message) => {
    await using folder = await temporaryFolder({
      secret: 'hunter2',
      'a/mine/manifest.json': manifest,
      'a/mine/a.hbs': 'x',
    });
    await symlink('../../secret', join(folder.path, 'a/mine/link.hbs'));
    expect(() => readGenerator(join(folder.path, 'a/mine'))).toThrow(message);
  });

  test('of an unknown generator offers the known ones', () => {
    expect(() => readGenerator('docz')).toThrow('did you mean "docs"?');
    expect(() => readGenerator('..')).toThrow('no generator is called');
    expect(() => readGenerator('wsdl')).toThrow('expected one of asyncapi, ci, docs');
  });
});

test.each(['a', 'a/b.md', '.github/workflows/x.yml', 'src/äöü.ts', 'console.log', 'con-x'])(
  '%j is a good path',
  (path) => {
    expect(refusalOfPath(path)).toBeUndefined();
  },
);

test.each([
  '',
  'a//b',
  './a',
  'a/.',
  'a.',
  'a /b',
  'aux.txt',
  'x/LPT9',
  'a\u0000',
  'a\u2028',
  'a?',
  'x'.repeat(401),
])('%j is no good path', (path) => {
  expect(refusalOfPath(path)).toBeDefined();
});

describe('the output folder', () => {
  const planned = [{ path: 'sub/a.txt', text: 'new\n', isKept: false }];

  test('gets new folders and files, and the same ones are left alone', async () => {
    await using folder = await temporaryFolder();
    const out = join(folder.path, 'deep/out');
    await writeFiles(out, await compareFiles(out, planned));
    expect(await folder.read('deep/out/sub/a.txt')).toBe('new\n');
    expect(await compareFiles(out, planned)).toMatchObject([{ state: 'same' }]);
  });

  test('keeps what is the user’s once it is there', async () => {
    await using folder = await temporaryFolder({ 'sub/a.txt': 'mine\n' });
    const kept = planned.map((file) => ({ ...file, isKept: true }));
    const compared = await compareFiles(folder.path, kept);
    expect(compared).toMatchObject([{ state: 'kept', before: 'mine\n' }]);
    await writeFiles(folder.path, compared);
    expect(await folder.read('sub/a.txt')).toBe('mine\n');
  });

  test('is not left through a link to a folder', async () => {
    await using outside = await temporaryFolder({ 'keep.txt': '' });
    await using folder = await temporaryFolder();
    await symlink(outside.path, join(folder.path, 'sub'));
    await expect(compareFiles(folder.path, planned)).rejects.toThrow('it is a symbolic link');
    // A link that appears after the comparison is refused as well.
    const file = {
      ...planned[0],
      path: 'sub/a.txt',
      text: 'x',
      isKept: false,
      state: 'new',
      before: undefined,
    } as const;
    await expect(writeFiles(folder.path, [file])).rejects.toThrow('it is a symbolic link');
  });

  test('is not left through a link to a file', async () => {
    await using folder = await temporaryFolder({ 'target.txt': 'old' });
    await mkdir(join(folder.path, 'sub'));
    await symlink('../target.txt', join(folder.path, 'sub/a.txt'));
    await expect(compareFiles(folder.path, planned)).rejects.toThrow('it is a symbolic link');
    await writeFiles(
      folder.path,
      planned.map((file) => ({ ...file, state: 'new', before: undefined }) as const),
    );
    expect(await folder.read('target.txt')).toBe('old');
  });

  test('is told when a folder is in the place of a file, or a file in that of a folder', async () => {
    await using folder = await temporaryFolder({ 'sub/a.txt/x': '' });
    await expect(compareFiles(folder.path, planned)).rejects.toThrow('no regular file');
    await using other = await temporaryFolder({ sub: '' });
    await expect(compareFiles(other.path, planned)).rejects.toThrow('it is no folder');
  });
});

function dataOf(names: readonly string[]) {
  const { instances } = lintText(names.map(body).join('---\n'), { syntax: 'yaml' });
  return buildGeneratorData(instances.map((instance) => ({ instance, file: 'tenants/a.yaml' })));
}

function plan(folder: string, names: readonly string[]) {
  return planFiles(readGenerator(folder), dataOf(names), undefined);
}

async function generatorFolder(file: object, template: string) {
  const folder = await temporaryFolder();
  const manifest = { summary: 'mine', files: [{ template: 'a.hbs', language: 'markdown', ...file }] };
  await writeFile(join(folder.path, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(folder.path, 'a.hbs'), template);
  return folder;
}
