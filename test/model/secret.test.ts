import { inspect } from 'node:util';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret, resolveReferences } from '../../src/model/secret.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('Secret', () => {
  it('prints as [redacted], however it is turned into text', () => {
    const secret = new Secret('hunter2');
    const texts = [
      String(secret),
      ['a', secret].join(),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }, { showHidden: true, depth: 9 }),
      Object.entries(secret).join(),
    ];
    for (const text of texts) expect(text).not.toContain('hunter2');
    expect(texts[0]).toBe('[redacted]');
    expect(secret.reveal()).toBe('hunter2');
  });
});

describe('resolveReferences', () => {
  it('fills in variables and files, also inside a longer text', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'key'), 'from file\n');
    const sources = { environment: { HOST: 'example.com' }, workingDirectory: folder.path };
    expect(resolveReferences('https://${env:HOST}/x', sources)).toBe('https://example.com/x');
    expect(resolveReferences('${file:key}', sources)).toBe('from file');
    expect(resolveReferences('${date:yyyy}', sources)).toBe('${date:yyyy}');
  });

  it.each([
    ['${env:MISSING}', "environment variable 'MISSING' is not set; '${env:MISSING}' needs it"],
    ['${file:missing}', "'${file:missing}' could not be read"],
  ])('says which reference %s leads nowhere', (text, message) => {
    expect(() => resolveReferences(text, { environment: {}, workingDirectory: '/nowhere' })).toThrow(message);
  });
});
