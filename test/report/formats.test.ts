import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { formatNames, loadFormat } from '../../src/report/formats/index.ts';
import type { CheckedFile, ReportOptions } from '../../src/report/report.ts';
import { validatorOf } from '../../src/schema/validators.ts';
import { awkwardFiles } from './checked-files.ts';
import { readXml, type XmlElement } from './read-xml.ts';

const root = resolve(import.meta.dirname, '../..');
const plain: ReportOptions = { colour: false, links: false, width: 100, toolVersion: '1.2.3' };

async function render(name: string, files: readonly CheckedFile[] = awkwardFiles()): Promise<string> {
  return (await loadFormat(name))(files, plain);
}

function schemaNamed(name: string): object {
  return JSON.parse(readFileSync(resolve(root, `fixtures/schemas/${name}.schema.json`), 'utf8')) as object; // our own file
}

function errorsBy(name: string, document: string): unknown {
  const validate = new Ajv({ allErrors: true }).compile(schemaNamed(name));
  return validate(JSON.parse(document)) ? [] : validate.errors;
}

describe('the folder of formats', () => {
  it('is the list: a file more is a format more', () => {
    const files = readdirSync(resolve(root, 'src/report/formats')).filter((file) => file !== 'index.ts');
    expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(formatNames);
  });

  it('is named nowhere else, but for the default', () => {
    const sources = readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' });
    const naming = sources
      .filter((file) => file.endsWith('.ts') && !file.startsWith('report/formats/'))
      .filter((file) =>
        /'(?:concise|sarif|junit|checkstyle)'/.test(readFileSync(resolve(root, 'src', file), 'utf8')),
      );
    expect(naming).toEqual([]);
  });
});

describe.each(formatNames)('%s', (name) => {
  it('ends with a line end, and holds no character that a terminal would obey', async () => {
    const report = await render(name);
    expect(report).toMatch(/[^\n]\n$/);
    // oxlint-disable-next-line no-control-regex -- the point
    expect(report).not.toMatch(/[\0-\u0008\u000B-\u001F\u007F-\u009F]/);
  });

  it('says something sensible of nothing', async () => {
    const report = await render(name, []);
    expect(report === '' || report.endsWith('\n')).toBe(true);
    expect(report).not.toMatch(/undefined(?!-)|NaN|\[object/);
  });

  it('gives the same report twice', async () => {
    expect(await render(name)).toBe(await render(name));
  });
});

describe('json', () => {
  it('follows its schema', async () => {
    const validate = validatorOf('report');
    validate(JSON.parse(await render('json')));
    expect(validate.errors).toBeNull();
  });
});

describe('sarif', () => {
  it('follows the standard', async () => {
    expect(errorsBy('sarif', await render('sarif'))).toEqual([]);
    expect(errorsBy('sarif', await render('sarif', []))).toEqual([]);
  });

  it('encodes names, keeps absolute ones apart, and points each result at its rule', async () => {
    const { runs } = JSON.parse(await render('sarif')) as SarifLog; // the test above has said so
    const { results, tool } = runs[0];
    expect(results.map(({ locations }) => locations[0].physicalLocation.artifactLocation.uri)).toEqual([
      'plain.yaml',
      'plain.yaml',
      'tenants/n%C3%A4me%20with%20blank%25%2C%20100%231%3A2.yaml',
      'empty.json',
      'end.json',
      '%3Cstdin%3E',
      'file:///elsewhere/a%20b.yaml',
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('counts lines and columns from 1, the end after the last character', async () => {
    const { runs } = JSON.parse(await render('sarif')) as SarifLog; // see above
    const regions = runs[0].results.map(({ locations }) =>
      Object.values(locations[0].physicalLocation.region),
    );
    expect(regions).toEqual([
      [1, 4, 1, 5],
      [2, 4, 2, 5],
      [1, 4, 1, 9],
      [1, 1, 1, 1],
      [2, 1, 2, 1],
      [1, 1, 2, 2],
      [1, 1, 1, 2],
    ]);
  });
});

interface SarifLog {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: Readonly<Record<string, number>>;
            };
          },
        ];
      }[];
    },
  ];
}

describe('gitlab', () => {
  it('follows the published form', async () => {
    expect(errorsBy('gitlab', await render('gitlab'))).toEqual([]);
    expect(await render('gitlab', [])).toBe('[]\n');
  });
});

it('fingerprints are the same in every format that has them, and each only once', async () => {
  const json = JSON.parse(await render('json')) as { problems: { fingerprint: string }[] }; // its own schema says so
  const gitlab = JSON.parse(await render('gitlab')) as { fingerprint: string }[]; // and here
  const { runs } = JSON.parse(await render('sarif')) as SarifLog; // and here
  const expected = json.problems.map(({ fingerprint }) => fingerprint);
  expect(new Set(expected).size).toBe(expected.length);
  expect(gitlab.map(({ fingerprint }) => fingerprint)).toEqual(expected);
  expect(runs[0].results.map(({ partialFingerprints }) => partialFingerprints['sagecfg/v1'])).toEqual(
    expected,
  );
});

describe('junit', () => {
  const counts = ['tests', 'failures', 'errors', 'time'] as const;

  it('is well-formed, and has the elements and attributes of JUnit in their places', async () => {
    const suites = readXml(await render('junit'));
    expectShape(suites, 'testsuites', ['name', ...counts]);
    for (const suite of suites.children) {
      expectShape(suite, 'testsuite', ['name', ...counts, 'skipped']);
      expect(suite.children.length).toBeGreaterThan(0);
      for (const test of suite.children) {
        expectShape(test, 'testcase', ['name', 'classname', 'time']);
        expect(test.children.length).toBeLessThan(2);
        for (const outcome of test.children) {
          expect(['failure', 'system-out']).toContain(outcome.name);
          expectShape(outcome, outcome.name, outcome.name === 'failure' ? ['message', 'type'] : []);
        }
      }
    }
  });

  it('counts what it holds', async () => {
    const suites = readXml(await render('junit'));
    for (const suite of suites.children) {
      expect(Number(suite.attributes['tests'])).toBe(suite.children.length);
      const failed = suite.children.filter(({ children }) => children[0]?.name === 'failure').length;
      expect(Number(suite.attributes['failures'])).toBe(failed);
    }
    for (const count of ['tests', 'failures']) {
      const sum = suites.children.reduce((total, { attributes }) => total + Number(attributes[count]), 0);
      expect(Number(suites.attributes[count])).toBe(sum);
    }
    expect(suites.attributes).toMatchObject({ tests: '8', failures: '4' });
  });

  it('keeps the message whole, but for what XML cannot hold', async () => {
    const suite = readXml(await render('junit')).children[1];
    const message = suite?.children[0]?.children[0]?.attributes['message'];
    expect(message).toBe(`a "quoted" <tag> & 'more' | ]]> \uFFFD \uFFFD`);
  });
});

describe('checkstyle', () => {
  it('is well-formed, and has the elements and attributes of Checkstyle in their places', async () => {
    const report = readXml(await render('checkstyle'));
    expectShape(report, 'checkstyle', ['version']);
    expect(report.children.map(({ attributes }) => attributes['name'])).toEqual(
      awkwardFiles().map(({ name }) => name),
    );
    for (const file of report.children) {
      expectShape(file, 'file', ['name']);
      for (const error of file.children) {
        expectShape(error, 'error', ['line', 'column', 'severity', 'message', 'source']);
        expect(error.children).toEqual([]);
        expect(['error', 'warning', 'info']).toContain(error.attributes['severity']);
      }
    }
  });
});

function expectShape(element: XmlElement, name: string, attributes: readonly string[]): void {
  expect(element.name).toBe(name);
  expect(Object.keys(element.attributes).sort()).toEqual([...attributes].sort());
}

describe('concise', () => {
  it('is one line a problem', async () => {
    expect((await render('concise')).split('\n').slice(0, 3)).toEqual([
      'plain.yaml:1:4 warning insecure-callback something is wrong',
      'plain.yaml:2:4 warning insecure-callback something is wrong',
      `tenants/näme with blank%, 100#1:2.yaml:1:4 error unknown-key a "quoted" <tag> & 'more' | ]]> \uFFFD \uFFFD`,
    ]);
    expect(await render('concise', [])).toBe('');
  });
});

describe('markdown', () => {
  it('is a table with the worst first, in which nothing from a file is markup', async () => {
    const lines = (await render('markdown')).split('\n');
    expect(lines[0]).toBe('### sagecfg: 4 errors, 2 warnings, 1 info in 7 files');
    expect(lines.slice(4, 11).map((line) => line.split(' | ')[0])).toEqual([
      ...Array.from({ length: 4 }, () => '| error'),
      '| warning',
      '| warning',
      '| info',
    ]);
    const cells = lines[4]?.split(/(?<!\\)\|/) ?? [];
    expect(cells.length).toBe(6);
    expect(lines[4]).toContain(String.raw`\<tag\> \& 'more' \| \]\]\>`);
    expect(await render('markdown', [])).toBe('### sagecfg: no problems in 0 files\n');
  });

  it('ends where a job summary would be cut, and says how much is left', async () => {
    const [first] = awkwardFiles();
    const problems = Array.from({ length: 600 }, () => first?.problems ?? []).flat();
    const report = await render(
      'markdown',
      first === undefined ? [] : [{ ...first, problems, baselined: 3 }],
    );
    expect(report).toMatch(/\n\n700 more are in the log\.\n\n3 more are in the baseline\.\n$/);
  });
});

describe('github', () => {
  it('puts each annotation on a line of its own', async () => {
    const lines = (await render('github')).trimEnd().split('\n');
    expect(lines.length).toBe(7);
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) file=[^,]+,line=\d+,/);
  });
});
