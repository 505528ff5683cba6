import type { Paint } from './paint.ts';

/** A unified diff of two versions of a file; empty where they are equal. */
export async function unifiedDiff(
  name: string,
  before: string,
  after: string,
  style: Paint,
): Promise<string> {
  if (before === after) return '';
  const { createTwoFilesPatch } = await import('diff');
  const names = name.startsWith('/') ? ([name, name] as const) : ([`a/${name}`, `b/${name}`] as const);
  const patch = createTwoFilesPatch(...names, before, after, undefined, undefined, {
    context: 2,
  });
  const lines = patch.replace(/^=+\n/, '').replaceAll('\t\n', '\n').split('\n');
  return lines.map((line) => paintLine(line, style)).join('\n');
}

function paintLine(line: string, style: Paint): string {
  if (line.startsWith('+++') || line.startsWith('---')) return style.strong(line);
  if (line.startsWith('+')) return style.good(line);
  if (line.startsWith('-')) return style.error(line);
  return line.startsWith('@@') ? style.info(line) : line;
}
