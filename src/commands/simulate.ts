import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { defineCommand, type OptionValues } from './command.ts';

const options = {
  port: {
    type: 'number',
    placeholder: 'PORT',
    description: 'Port of the simulated Sage (default: a free one)',
  },
  'callback-port': {
    type: 'number',
    placeholder: 'PORT',
    description: 'Port of the callback receiver (default: a free one)',
  },
  tenants: { type: 'string', placeholder: 'A,B', description: 'Names of the tenants (default north)' },
  seed: {
    type: 'number',
    placeholder: 'N',
    description: 'The same seed gives the same records and changes (default 1)',
  },
  'changes-per-second': {
    type: 'number',
    placeholder: 'N',
    description: 'Random changes made in Sage (default 1)',
  },
  'rest-seconds': {
    type: 'number',
    placeholder: 'N',
    description:
      'How long a record is left alone after a change (default 0): longer than the interval, and each change is seen',
  },
  total: {
    type: 'number',
    placeholder: 'N',
    description: 'Changes after which no more are made (default: no end)',
  },
  out: {
    type: 'string',
    placeholder: 'FOLDER',
    description: 'Write an instance file for each tenant there, and settings that point to this simulator',
  },
  format: {
    type: 'string',
    alias: 'f',
    choices: ['text', 'json'],
    description: 'Form of what is printed (default text)',
  },
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Run a local Sage with a callback receiver, to develop and test against',
  options,
  examples: [
    ['sagecfg simulate --out playground', 'then, in playground: sagecfg run --source simulator'],
    [
      'sagecfg simulate --seed 7 --changes-per-second 20 --total 1000',
      'a thousand changes, the same each time',
    ],
  ],
  async run({ options: values, io }) {
    const { startSimulator } = await import('../simulator/start-simulator.ts');
    const stopped = Promise.withResolvers<void>();
    using _ = io.onInterrupt(() => stopped.resolve());
    const tenants = tenantNames(values.tenants).map((name) => ({ name }));
    await using simulator = await startSimulator({
      tenants,
      isFull: true,
      changesPerSecond: values['changes-per-second'] ?? 1,
      ...(values.seed !== undefined && { seed: values.seed }),
      ...(values.port !== undefined && { port: values.port }),
      ...(values['callback-port'] !== undefined && { callbackPort: values['callback-port'] }),
      ...(values.total !== undefined && { total: values.total }),
      ...(values['rest-seconds'] !== undefined && { restMs: values['rest-seconds'] * 1000 }),
    });
    if (values.out !== undefined) await writeInstances(simulator, resolve(io.workingDirectory, values.out));
    io.stdout.write(
      values.format === 'json' ? `${JSON.stringify(describe(simulator))}\n` : textOf(simulator, values),
    );
    await stopped.promise;
    io.stdout.write(
      values.format === 'json'
        ? `${JSON.stringify(simulator.report().comparison)}\n`
        : closingText(simulator),
    );
    return exitCodes.clean;
  },
});

function tenantNames(option: string | undefined): readonly string[] {
  const names = (option ?? 'north').split(',').map((name) => name.trim());
  const wrong = names.find((name) => !/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name));
  if (wrong === undefined) return [...new Set(names)];
  throw new SagecfgError(
    'usage',
    `--tenants: ${JSON.stringify(wrong)} is no name: expected letters, digits, - and _`,
  );
}

/** The secrets are the simulator's own and open nothing else; a user needs them to connect with anything. */
function describe(simulator: Simulator) {
  const { sageUrl, tokenUrl, authorizeUrl, controlUrl, platformUrl, tenants } = simulator;
  const { userSecret, organizationSecret } = simulator.instances;
  const callbackUrls = Object.fromEntries(tenants.map(({ name }) => [name, simulator.callbackUrl(name)]));
  return {
    sageUrl,
    tokenUrl,
    authorizeUrl,
    controlUrl,
    platform: { baseUrl: platformUrl, userSecret, organizationSecret },
    callbackUrls,
    tenants,
    assumptions: simulator.assumptions,
  };
}

async function writeInstances(simulator: Simulator, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name } of simulator.tenants)
    await writeFile(join(folder, `${name}.yaml`), simulator.instanceFile(name));
  await writeFile(join(folder, 'sagecfg.yaml'), settingsText(simulator));
}

function settingsText({ sageUrl, tokenUrl, tenants }: Simulator): string {
  return [
    '# Written by `sagecfg simulate`: holds while that runs.',
    'configs:',
    ...tenants.map(({ name }) => `  - ${name}.yaml`),
    'runtime:',
    '  source: simulator',
    '  intervalSeconds: 5',
    '  overlapSeconds: 5',
    '  sage:',
    `    baseUrl: ${sageUrl}`,
    `    tokenUrl: ${tokenUrl}`,
    '  callback:',
    '    allow: [127.0.0.0/8]',
    '    allowHttp: true',
    '',
  ].join('\n');
}

function textOf(simulator: Simulator, { out }: Values): string {
  const { sageUrl, tokenUrl, authorizeUrl, controlUrl, platformUrl, tenants, assumptions } = simulator;
  const { userSecret, organizationSecret } = simulator.instances;
  const next =
    out === undefined
      ? `Instance file of a tenant: ${controlUrl}/instance/${tenants[0]?.name}; --out FOLDER writes them all.`
      : `Instance files and settings are in ${out}. There, in another terminal: sagecfg run`;
  return [
    'A simulated Sage is running; nothing of it is real, and it is gone when you press Ctrl-C.',
    '',
    `  Sage       ${sageUrl}`,
    `  token      ${tokenUrl}`,
    `  authorize  ${authorizeUrl}`,
    `  control    ${controlUrl}  (report, truth, ledger, requests, faults)`,
    `  platform   ${platformUrl}`,
    `             export SAGECFG_USER_SECRET=${userSecret} SAGECFG_ORGANIZATION_SECRET=${organizationSecret}`,
    `  app        export SAGE_CLIENT_ID=${tenants[0]?.clientId} SAGE_CLIENT_SECRET=${tenants[0]?.clientSecret}`,
    ...tenants.flatMap(({ name, businessId, signatureKey }) => [
      `  tenant     ${name}, business ${businessId}, callback ${simulator.callbackUrl(name)}`,
      `             export CALLBACK_SIGNATURE_KEY=${signatureKey}`,
    ]),
    '',
    next,
    '',
    'Sage does not say what it does in these cases; the simulator assumes:',
    ...assumptions.map(({ evidence, text }) => `  assumed (${evidence}): ${text}`),
    '',
    '',
  ].join('\n');
}

function closingText(simulator: Simulator): string {
  const { changes, delivered, lost, duplicates, differentIds, badSignatures } = simulator.report().comparison;
  return `\n${changes} changes made, ${delivered} delivered, ${lost} lost, ${duplicates} repeated with the same id, ${differentIds} with another id, ${badSignatures} bad signatures\n`;
}
