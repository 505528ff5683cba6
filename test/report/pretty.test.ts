import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/report/display-width.ts';
import { loadFormat } from '../../src/report/formats/index.ts';
import { toCheckedFile, type ReportOptions } from '../../src/report/report.ts';

const plain: ReportOptions = { colour: false, links: false, width: 100, toolVersion: '1.2.3' };

/** A report on the part of a text between `«` and `»`, without its summary. */
async function render(marked: string, options: Partial<ReportOptions> = {}): Promise<readonly string[]> {
  const text = marked.replaceAll(/[«»]/g, '');
  const range = { start: marked.indexOf('«'), end: marked.indexOf('»') - 1 };
  const problem = { rule: 'unknown-key', severity: 'error', message: 'm', pointer: '', range } as const;
  const secrets = { ranges: [], texts: [], maskAt: () => (message: string) => message };
  const file = toCheckedFile('a.yaml', { text, problems: [problem], secrets });
  const report = (await loadFormat('pretty'))([file], { ...plain, ...options });
  return report.split('\n').slice(0, -3);
}

describe('a frame', () => {
  const frames: readonly [what: string, text: string, frame: readonly string[]][] = [
    ['the middle of a line', 'a: «bc» d\n', ['1 | a: bc d', '  |    ^^']],
    ['wide characters', '名前: «値段» x\n', ['1 | 名前: 値段 x', '  |       ^^^^']],
    ['a combining mark', 'e\u0301: «x»\n', ['1 | e\u0301: x', '  |    ^']],
    ['tabs', '\ta:\t«x»\n', ['1 |  a: x', '  |     ^']],
    ['CRLF', 'a: 1\r\nb: «2»\r\nc\r\n', ['2 | b: 2', '  |    ^']],
    ['a byte-order mark', '\uFEFF«a»: 1\n', ['1 | a: 1', '  | ^']],
    ['an empty file', '«»', ['1 |', '  | ^']],
    ['the very end, after the last line end', '{}\n«»', ['2 |', '  | ^']],
    ['the very end, without a line end', '{«»', ['1 | {', '  |  ^']],
    ['several lines', 'a: «b\nc»\n', ['1 | a: b', '  |    ^']],
    ['an escape sequence', 'a: «\u001B[31mx»\n', ['1 | a: \uFFFD[31mx', '  |    ^^^^^^']],
    ['line 10', `${'\n'.repeat(9)}«x»`, ['10 | x', '   | ^']],
  ];

  it.each(frames)('marks %s', async (_, text, frame) => {
    expect((await render(text)).slice(3)).toEqual(frame);
  });

  const long = `${'before '.repeat(40)}«marked»${' after'.repeat(40)}\n`;
  const wide = `${'前'.repeat(90)}«${'値'.repeat(10)}»${'後'.repeat(90)}\n`;
  const all = `«${'x'.repeat(500)}»\n`;

  it.each([40, 100, 200].flatMap((width) => [long, wide, all].map((text) => [width, text] as const)))(
    'stays within %i columns and shows what it marks',
    async (width, text) => {
      const [line = '', carets = ''] = (await render(text, { width })).slice(3);
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(displayWidth(carets)).toBeLessThanOrEqual(width);
      expect(line).toContain('…');
      const before = carets.indexOf('^');
      const [first = ''] = /(?<=«)./.exec(text) ?? [];
      expect(displayWidth(line.slice(0, line.indexOf(first)))).toBe(before);
    },
  );
});

describe('the name of the rule', () => {
  const link =
    '\u001B]8;;https://www.npmjs.com/package/sagecfg#unknown-key\u001B\\unknown-key\u001B]8;;\u001B\\';

  it('is a link on a terminal only', async () => {
    expect((await render('«a»', { links: true }))[0]).toContain(link);
    expect((await render('«a»', { colour: true })).join('\n')).not.toContain('\u001B]8');
    expect((await render('«a»')).join('\n')).not.toContain('\u001B');
  });
});
