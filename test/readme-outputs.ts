import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runCommand } from './command-line.ts';

const root = resolve(import.meta.dirname, '..');

/** Pages whose outputs are run. */
const pages = ['README.md'];

/**
 * A command in a page, `<!-- output: sagecfg … -->`, with what it printed when the page was written, up to
 * `<!-- end -->`: in a fence for a terminal, or as it is where it prints Markdown.
 */
const block = /<!-- output: sagecfg (?<command>.*?) -->\n[^]*?<!-- end -->/g;

export interface Page {
  readonly name: string;
  readonly text: string;
  /** The text as its commands would have it now. */
  readonly current: string;
}

export async function readPages(): Promise<readonly Page[]> {
  return Promise.all(
    pages.map(async (name) => {
      const text = await readFile(resolve(root, name), 'utf8');
      let current = text;
      for (const { 0: whole, groups } of text.matchAll(block)) {
        const command = groups?.['command'] ?? '';
        current = current.replace(whole, () => whole.slice(0, whole.indexOf('\n') + 1));
        current = current.replace(`<!-- output: sagecfg ${command} -->\n`, await outputOf(command));
      }
      return { name, text, current };
    }),
  );
}

async function outputOf(command: string): Promise<string> {
  const { stdout, stderr } = await runCommand(command.split(' '), { workingDirectory: root });
  const output = (stdout + stderr).trimEnd();
  const shown = command.endsWith('markdown')
    ? `\n${output}\n\n`
    : `\n\`\`\`console\n$ npx sagecfg ${command}\n${output}\n\`\`\`\n\n`;
  return `<!-- output: sagecfg ${command} -->\n${shown}<!-- end -->`;
}

if (process.argv[1] === import.meta.filename) {
  for (const { name, text, current } of await readPages())
    if (text !== current) await writeFile(resolve(root, name), current);
}
