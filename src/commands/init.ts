import { compareFiles, writeFiles, type ComparedFile } from '../generate/write-files.ts';
import { exitCodes } from '../problem/sagecfg-error.ts';
import { defineCommand } from './command.ts';
import { chooseProject } from './shared/project-choices.ts';
import { planGitIgnore, planProject, type ProjectChoices } from './shared/project-files.ts';

const options = {
  name: { type: 'string', placeholder: 'NAME', description: 'Name of the first tenant (default example)' },
  resources: {
    type: 'string',
    placeholder: 'NAME,NAME',
    description: 'What it polls (default customers)',
  },
  callback: { type: 'string', placeholder: 'URL', description: 'Where the events go' },
  'redirect-uri': {
    type: 'string',
    placeholder: 'URL',
    description: 'Callback URL of your app at Sage (default http://localhost:8765/callback)',
  },
  country: { type: 'string', placeholder: 'GB|IE|CA', description: 'Where the business is (default GB)' },
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
  simulator: {
    type: 'string',
    placeholder: 'URL',
    description: 'Try it against this: what sagecfg simulate prints as Sage',
  },
  yes: { type: 'boolean', alias: 'y', description: 'Ask nothing, at a terminal either: take the defaults' },
  force: { type: 'boolean', description: 'Replace files that are there' },
  'dry-run': { type: 'boolean', description: 'Say what would be written, and write nothing' },
} as const;

export default defineCommand({
  summary: 'Begin a project: settings, a first tenant that validates, a hook and a pipeline',
  options,
  examples: [
    ['sagecfg init', 'in the folder of the project: asks; what is there already is left alone'],
    [
      'sagecfg init --name acme --resources customers,invoices --ci gitlab -y',
      'two resources, a pipeline for GitLab, no questions',
    ],
  ],
  async run({
    options: { yes = false, force = false, 'dry-run': isDryRun = false, simulator, ...flags },
    io,
  }) {
    const choices = await chooseProject(flags, { simulator, asks: io.isInteractive && !yes, io });
    const ignored = planGitIgnore(io.workingDirectory);
    const planned = [...planProject(choices, { force }), ...(ignored === undefined ? [] : [ignored])];
    const files = await compareFiles(io.workingDirectory, planned);
    if (!isDryRun) await writeFiles(io.workingDirectory, files);
    for (const file of files) io.stdout.write(`${verbFor(file, isDryRun)} ${file.path}\n`);
    io.stdout.write(nextSteps(choices));
    return exitCodes.clean;
  },
});

function verbFor({ state, path }: ComparedFile, isDryRun: boolean): string {
  if (state === 'kept' || state === 'same') return 'left alone';
  const [written, planned] = verbs[state === 'new' ? 'new' : path === '.gitignore' ? 'added' : 'replaced'];
  return isDryRun ? planned : written;
}

const verbs = {
  new: ['wrote', 'would write'],
  added: ['added to', 'would add to'],
  replaced: ['replaced', 'would replace'],
} as const;

function nextSteps({ simulator, redirectUri, callback }: ProjectChoices): string {
  const prepare =
    simulator === undefined
      ? `  1. Register an app at https://developer.sage.com with the Callback URL ${redirectUri}
  2. cp .env.example .env, fill it in, and load it: set -a; . ./.env; set +a`
      : `  1. sagecfg simulate, in another terminal: it has to answer at ${simulator}
  2. Paste its lines that begin with export here`;
  return `
Next:
${prepare}
  3. sagecfg validate      checks every file of tenants/
  4. sagecfg auth          opens the page of Sage where access is given, and keeps the grant
  5. sagecfg run           polls, and delivers the events to ${callback}
Where a hosted platform polls, in place of 4 and 5: sagecfg plan, then sagecfg apply
`;
}
