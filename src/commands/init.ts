import { generateInstance } from '../generate/generate-instance.ts';
import { buildGeneratorData } from '../generate/generator-data.ts';
import { readGenerator } from '../generate/generator.ts';
import { planFiles, type PlannedFile } from '../generate/plan-files.ts';
import { compareFiles, writeFiles } from '../generate/write-files.ts';
import type { SageResource } from '../catalog/sage-resource.ts';
import { exitCodes } from '../problem/sagecfg-error.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { chosenResources } from './shared/chosen-resources.ts';

const options = {
  resources: {
    type: 'string',
    placeholder: 'NAME,NAME',
    description: 'What the first tenant polls (default customers)',
  },
  ci: {
    type: 'string',
    choices: ['github', 'gitlab', 'none'],
    description: 'Whose pipeline checks the files (default github)',
  },
  hook: {
    type: 'string',
    choices: ['pre-commit', 'none'],
    description: 'What checks them before a commit (default pre-commit)',
  },
  'dry-run': { type: 'boolean', description: 'Say what would be written, and write nothing' },
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Begin a project: settings, a first tenant that validates, a hook and a pipeline',
  options,
  examples: [
    ['sagecfg init', 'in the folder of the project; what is there already is left alone'],
    ['sagecfg init --resources customers,invoices --ci gitlab', 'two resources, and a pipeline for GitLab'],
  ],
  async run({ options: values, io }) {
    const planned = planProject(chosenResources({ resources: [values.resources ?? 'customers'] }), values);
    const files = await compareFiles(io.workingDirectory, planned);
    if (values['dry-run'] !== true) await writeFiles(io.workingDirectory, files);
    const verb = values['dry-run'] === true ? 'would write' : 'wrote';
    for (const { path, state } of files)
      io.stdout.write(`${state === 'new' ? verb : 'left alone'} ${path}\n`);
    io.stdout.write(nextSteps);
    return exitCodes.clean;
  },
});

const nextSteps = `
Next: fill in tenants/example.yaml and name it after your tenant, then
  sagecfg validate                       checks every file of tenants/
  sagecfg expand --explain               shows what will be asked
  sagecfg run --source simulator         tries it without an account
`;

/** Nothing is ever replaced: whoever has a file of this name has his reasons. */
function planProject(
  resources: readonly SageResource[],
  { ci = 'github', hook = 'pre-commit' }: Values,
): readonly PlannedFile[] {
  const tenant = `# yaml-language-server: $schema=../node_modules/sagecfg/schemas/instance.schema.json\n${generateInstance(resources, 'yaml')}`;
  const formats = [ci, hook].filter((format) => format !== 'none');
  const checks = formats.flatMap((format) => planFiles(readGenerator('ci'), buildGeneratorData([]), format));
  return [
    { path: 'sagecfg.yaml', text: settings },
    { path: 'tenants/example.yaml', text: tenant },
    ...checks,
  ].map((file) => ({
    ...file,
    isKept: true,
  }));
}

const settings = `# yaml-language-server: $schema=node_modules/sagecfg/schemas/settings.schema.json
# Settings of sagecfg; flags win over them.
configs:
  - tenants/*.yaml
`;
