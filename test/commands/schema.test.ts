import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { schemas } from '../../src/schema/validators.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

it('prints a schema', async () => {
  expect(JSON.parse((await runCommand(['schema'])).stdout)).toEqual(schemas.instance);
  expect(JSON.parse((await runCommand(['schema', 'report'])).stdout)).toEqual(schemas.report);
});

it('suggests a name', async () => {
  expect(await runCommand(['schema', 'instnace'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'sagecfg: no schema is called "instnace": did you mean "instance"?\n',
  });
});

it('writes all of them, which refer to each other by file name', async () => {
  await using folder = await temporaryFolder();
  const { exitCode } = await runCommand(['schema', '--out', 'schemas'], { workingDirectory: folder.path });
  expect(exitCode).toBe(0);
  const files = await readdir(join(folder.path, 'schemas'));
  expect(files.sort()).toEqual(
    Object.keys(schemas)
      .map((name) => `${name}.schema.json`)
      .sort(),
  );
});
