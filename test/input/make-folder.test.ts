import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/input/make-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('making a folder', () => {
  it('makes those above it too, all for the same people', async () => {
    await using place = await temporaryFolder();
    makeFolder(join(place.path, 'a', 'b'), { mode: 0o700 });
    expect(statSync(join(place.path, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(join(place.path, 'a', 'b')).mode & 0o777).toBe(0o700);
  });

  it('leaves what is there as it is', async () => {
    await using place = await temporaryFolder();
    mkdirSync(join(place.path, 'a'));
    chmodSync(join(place.path, 'a'), 0o755);
    makeFolder(join(place.path, 'a'), { mode: 0o700 });
    expect(statSync(join(place.path, 'a')).mode & 0o777).toBe(0o755);
  });

  it('says when a part of the path is a file', async () => {
    await using place = await temporaryFolder();
    writeFileSync(join(place.path, 'a'), '');
    expect(() => makeFolder(join(place.path, 'a'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(place.path, 'a', 'b'))).toThrow(/ENOTDIR/);
  });

  it.runIf(existsSync('/proc/self'))('ends where the system takes no folders', () => {
    expect(() => makeFolder('/proc/none/of/these')).toThrow(/ENOENT/);
  });
});
