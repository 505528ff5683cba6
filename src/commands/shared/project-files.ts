import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SageResource } from '../../catalog/sage-resource.ts';
import { applyEdits } from '../../document/apply-edits.ts';
import { generateInstance } from '../../generate/generate-instance.ts';
import { buildGeneratorData } from '../../generate/generator-data.ts';
import { readGenerator } from '../../generate/generator.ts';
import { quoterOf } from '../../generate/quote.ts';
import { planFiles, type PlannedFile } from '../../generate/plan-files.ts';
import { lintText } from '../../lint/lint-text.ts';
import type { Leaf } from '../../model/model.ts';
import type { Edit } from '../../problem/problem.ts';

/** What a first project is made of. */
export interface ProjectChoices {
  /** Of the first tenant; also the name of its file. */
  readonly name: string;
  readonly resources: readonly SageResource[];
  /** Where the events go. */
  readonly callback: string;
  /** As the app has it at Sage. */
  readonly redirectUri: string;
  readonly country: string;
  /** Formats of the generator `ci`. */
  readonly checks: readonly string[];
  /** Address of a simulated Sage that the project is tried against. */
  readonly simulator: string | undefined;
}

/** Every file of the project. Nothing that is there is replaced, unless by `force`. */
export function planProject(
  choices: ProjectChoices,
  { force }: { readonly force: boolean },
): readonly PlannedFile[] {
  const checks = choices.checks.flatMap((format) =>
    planFiles(readGenerator('ci'), buildGeneratorData([]), format),
  );
  return [
    { path: 'sagecfg.yaml', text: settingsText(choices) },
    { path: `tenants/${choices.name}.yaml`, text: tenantText(choices) },
    { path: '.env.example', text: environmentText },
    ...checks,
  ].map((file) => ({ ...file, isKept: !force }));
}

/** `.gitignore` with what must not be committed; lines that are there stay. Undefined where it has them all. */
export function planGitIgnore(folder: string): PlannedFile | undefined {
  const before = readIfThere(join(folder, '.gitignore'));
  const present = new Set(before.split(/\r?\n/).map((line) => line.trim().replace(/^\//, '')));
  const missing = ignored.filter((line) => !present.has(line) && !present.has(line.replace(/\/$/, '')));
  if (missing.length === 0) return undefined;
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  return { path: '.gitignore', text: `${start}${missing.join('\n')}\n`, isKept: false };
}

/** The state with its tokens and records, and what people fill in from `.env.example`. */
const ignored = ['.sagecfg/', '.env'];

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there; or no file, which whoever writes it finds out.
    return '';
  }
}

function tenantText({ name, resources, callback, redirectUri, country }: ProjectChoices): string {
  const schema = '# yaml-language-server: $schema=../node_modules/sagecfg/schemas/instance.schema.json\n';
  const text = schema + generateInstance(resources, 'yaml');
  const [instance] = lintText(text).instances;
  const wanted: readonly (readonly [leaf: Leaf<unknown> | undefined, value: string])[] = [
    [instance?.name, name],
    [instance?.configuration.get('event.notification.callback.url'), callback],
    [instance?.configuration.get('oauth.callback.url'), redirectUri],
    [instance?.configuration.get('country'), country],
  ];
  return applyEdits(
    text,
    wanted.flatMap(([leaf, value]) => (leaf === undefined ? [] : [replacing(leaf, value)])),
  );
}

/** Quoted where it would be something else than text: `123`, `no`. */
function replacing(leaf: Leaf<unknown>, value: string): Edit {
  return { range: leaf.range, text: quoterOf('yaml', undefined)?.(value) ?? value };
}

function settingsText({ simulator }: ProjectChoices): string {
  const settings = `# yaml-language-server: $schema=node_modules/sagecfg/schemas/settings.schema.json
# Settings of sagecfg; flags win over them.
configs:
  - tenants/*.yaml
`;
  if (simulator === undefined) return settings;
  return `${settings}
# Only to try it: what follows points to \`sagecfg simulate\`. Without it, everything goes to Sage itself.
runtime:
  source: simulator
  intervalSeconds: 5
  overlapSeconds: 5
  sage:
    baseUrl: ${JSON.stringify(simulator)}
platform:
  baseUrl: ${JSON.stringify(URL.parse('/elements/api-v2', simulator)?.href)}
`;
}

const environmentText = `# The variables that the files of this project refer to. Copy this to .env, which git leaves out, fill it in, and load it:
#   set -a; . ./.env; set +a

# Client ID and Client Secret of your app at Sage.
SAGE_CLIENT_ID=
SAGE_CLIENT_SECRET=

# Signs the notifications; the receiver checks them with it. For a new one: openssl rand -base64 32
CALLBACK_SIGNATURE_KEY=

# Encrypts the tokens that \`sagecfg auth\` and \`sagecfg run\` keep. For a new one: openssl rand -base64 32
# In production keep it apart from the state: whoever has both can read the books.
SAGECFG_KEY=

# Only for a hosted platform: its User Secret and Organization Secret.
SAGECFG_USER_SECRET=
SAGECFG_ORGANIZATION_SECRET=
`;
