import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../input/make-folder.ts';
import type { InstanceMode } from '../../simulator/instance-file.ts';
import { instanceModes } from '../../simulator/instance-file.ts';
import type { Simulator } from '../../simulator/simulator.ts';

/** An instance file for each tenant, and settings that point to the simulator; a folder for each door but the first. */
export async function writePlayground(simulator: Simulator, folder: string): Promise<void> {
  for (const mode of instanceModes) {
    const place = mode === 'sage' ? folder : join(folder, mode);
    makeFolder(place);
    for (const { name } of simulator.tenants)
      await writeFile(join(place, `${name}.yaml`), simulator.instanceFile(name, mode));
    await writeFile(join(place, 'sagecfg.yaml'), settingsText(simulator, mode));
  }
  const { userSecret, organizationSecret } = simulator.instances;
  await writeFile(join(folder, 'hub', 'user-secret'), userSecret);
  await writeFile(join(folder, 'hub', 'organization-secret'), organizationSecret);
}

function settingsText(simulator: Simulator, mode: InstanceMode): string {
  return [
    '# Written by `sagecfg simulate`: holds while that runs.',
    'configs:',
    ...simulator.tenants.map(({ name }) => `  - ${name}.yaml`),
    ...sourceLines[mode](simulator),
    '  intervalSeconds: 5',
    '  overlapSeconds: 5',
    '  callback:',
    '    allow: [127.0.0.0/8]',
    '    allowHttp: true',
    '',
  ].join('\n');
}

const sourceLines: Readonly<Record<InstanceMode, (simulator: Simulator) => readonly string[]>> = {
  sage: ({ sageUrl, tokenUrl, platformUrl }) => [
    'platform:',
    `  baseUrl: ${platformUrl}`,
    'runtime:',
    '  source: simulator',
    ...addressLines(sageUrl, tokenUrl),
  ],
  'sage-legacy': ({ legacyUrl, legacyTokenUrl }) => [
    'runtime: # its tokens are sealed with SAGECFG_KEY, as those of the real Sage are',
    '  source: sage-legacy',
    ...addressLines(legacyUrl, legacyTokenUrl),
  ],
  hub: ({ platformUrl }) => [
    'platform:',
    `  baseUrl: ${platformUrl}`,
    '  userSecret: ${file:user-secret}',
    '  organizationSecret: ${file:organization-secret}',
    'runtime:',
    '  source: hub',
  ],
};

function addressLines(baseUrl: string, tokenUrl: string): readonly string[] {
  return ['  sage:', `    baseUrl: ${baseUrl}`, `    tokenUrl: ${tokenUrl}`];
}
