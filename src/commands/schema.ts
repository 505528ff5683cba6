import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../input/make-folder.ts';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { schemas, type SchemaName } from '../schema/validators.ts';
import { defineCommand } from './command.ts';

const names = Object.keys(schemas) as SchemaName[]; // the type is made from this object

export default defineCommand({
  summary: 'Print a JSON Schema, for editors and other tools',
  positional: {
    name: 'NAME',
    description: `One of ${names.join(', ')} (default instance)`,
    most: 1,
    words: names,
  },
  options: {
    out: {
      type: 'string',
      placeholder: 'FOLDER',
      description: 'Write all schemas there; they refer to each other by file name',
    },
  },
  examples: [
    ['sagecfg schema', 'the schema of an instance body'],
    [
      'sagecfg schema --out .vscode/sagecfg',
      'then: # yaml-language-server: $schema=.vscode/sagecfg/instance.schema.json',
    ],
  ],
  async run({ names: [name = 'instance'], options, io }) {
    if (options.out !== undefined) {
      const folder = resolve(io.workingDirectory, options.out);
      await writeAll(folder);
      io.stdout.write(`wrote ${names.length} schemas to ${options.out}\n`);
      return exitCodes.clean;
    }
    io.stdout.write(textOf(schemaNamed(name)));
    return exitCodes.clean;
  },
});

function schemaNamed(name: string): object {
  const known = names.find((each) => each === name);
  if (known !== undefined) return schemas[known];
  const suggestion = didYouMean(name, names);
  const hint =
    suggestion === undefined ? `expected one of ${names.join(', ')}` : `did you mean "${suggestion}"?`;
  throw new SagecfgError('usage', `no schema is called ${JSON.stringify(name)}: ${hint}`);
}

async function writeAll(folder: string): Promise<void> {
  try {
    makeFolder(folder);
    for (const name of names) await writeFile(join(folder, `${name}.schema.json`), textOf(schemas[name]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SagecfgError('unwritable', `cannot write the schemas to ${JSON.stringify(folder)}: ${reason}`, {
      cause: error,
    });
  }
}

function textOf(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
