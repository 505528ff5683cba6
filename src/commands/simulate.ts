import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { choiceValues } from '../simulator/assumptions.ts';
import type { Choices } from '../simulator/assumptions.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { writePlayground } from './shared/write-playground.ts';

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
  resources: {
    type: 'string',
    placeholder: 'A,B',
    description: 'What changes and what the instance files poll (default customers,invoices,products)',
  },
  assume: {
    type: 'list',
    placeholder: 'NAME=VALUE',
    description: 'What Sage does where nobody knows: one of the names that it prints; may be repeated',
  },
  faults: {
    type: 'string',
    placeholder: 'FILE',
    description: 'JSON list of what goes wrong, at Sage and at the receiver: see docs/simulator.md',
  },
  out: {
    type: 'string',
    placeholder: 'FOLDER',
    description:
      'Write an instance file for each tenant there, and settings that point to this simulator; for the legacy API and the hub in folders of their own',
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
    ['sagecfg simulate --out playground', 'then, in playground: sagecfg run'],
    [
      'sagecfg simulate --assume hubPaging=token --faults down.json',
      'another Sage, and a receiver that is down',
    ],
    [
      'sagecfg simulate --seed 7 --changes-per-second 20 --total 1000',
      'a thousand changes, the same each time',
    ],
  ],
  async run({ options: values, io }) {
    const { startSimulator } = await import('../simulator/start-simulator.ts');
    const stopped = Promise.withResolvers<void>();
    using _ = io.onInterrupt(() => stopped.resolve());
    const { parseChoices } = await import('../simulator/parse-choices.ts');
    const tenants = listOf(values.tenants ?? 'north', '--tenants', namePattern).map((name) => ({ name }));
    const faults = values.faults === undefined ? undefined : readText(values.faults, io.workingDirectory);
    await using simulator = await startSimulator({
      tenants,
      isFull: true,
      choices: parseChoices(values.assume ?? []),
      ...(values.resources !== undefined && { polled: listOf(values.resources, '--resources', /./) }),
      changesPerSecond: values['changes-per-second'] ?? 1,
      ...(values.seed !== undefined && { seed: values.seed }),
      ...(values.port !== undefined && { port: values.port }),
      ...(values['callback-port'] !== undefined && { callbackPort: values['callback-port'] }),
      ...(values.total !== undefined && { total: values.total }),
      ...(values['rest-seconds'] !== undefined && { restMs: values['rest-seconds'] * 1000 }),
    });
    if (faults !== undefined) await addFaults(simulator, faults);
    if (values.out !== undefined) await writePlayground(simulator, resolve(io.workingDirectory, values.out));
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

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

function listOf(option: string, flag: string, pattern: RegExp): readonly string[] {
  const names = option.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !pattern.test(name));
  if (wrong === undefined) return [...new Set(names)];
  throw new SagecfgError(
    'usage',
    `${flag}: ${JSON.stringify(wrong)} is no name: expected letters, digits, - and _`,
  );
}

function readText(file: string, workingDirectory: string): string {
  try {
    return readFileSync(resolve(workingDirectory, file), 'utf8');
  } catch (cause) {
    throw new SagecfgError('unreadable', `${file} could not be read`, { cause });
  }
}

async function addFaults(simulator: Simulator, text: string): Promise<void> {
  const { parseFaults } = await import('../simulator/faults/parse-fault.ts');
  const parsed = parseFaults(text, simulator.faultedEndpoints);
  if (typeof parsed === 'string') throw new SagecfgError('usage', `--faults: ${parsed}`);
  simulator.faults.add(...parsed);
}

/** The secrets are the simulator's own and open nothing else; a user needs them to connect with anything. */
function describe(simulator: Simulator) {
  const { sageUrl, tokenUrl, authorizeUrl, controlUrl, platformUrl, tenants } = simulator;
  const { legacyUrl, legacyTokenUrl } = simulator;
  const { userSecret, organizationSecret } = simulator.instances;
  const callbackUrls = Object.fromEntries(tenants.map(({ name }) => [name, simulator.callbackUrl(name)]));
  return {
    sageUrl,
    tokenUrl,
    authorizeUrl,
    controlUrl,
    legacy: { baseUrl: legacyUrl, tokenUrl: legacyTokenUrl },
    platform: { baseUrl: platformUrl, userSecret, organizationSecret },
    callbackUrls,
    tenants,
    assumptions: simulator.assumptions,
  };
}

function textOf(simulator: Simulator, { out }: Values): string {
  const { sageUrl, tokenUrl, authorizeUrl, controlUrl, platformUrl, tenants, assumptions } = simulator;
  const next =
    out === undefined
      ? `Instance file of a tenant: ${controlUrl}/instance/${tenants[0]?.name} (?source=sage-legacy, ?source=hub); --out FOLDER writes them all.`
      : `Instance files and settings are in ${out}; for the legacy API and the hub in ${out}/sage-legacy and ${out}/hub. There, in another terminal: sagecfg run`;
  return [
    'A simulated Sage is running; nothing of it is real, and it is gone when you press Ctrl-C.',
    '',
    `  Sage       ${sageUrl}`,
    `  token      ${tokenUrl}`,
    `  authorize  ${authorizeUrl}`,
    `  legacy     ${simulator.legacyUrl}, token ${simulator.legacyTokenUrl}`,
    `  control    ${controlUrl}  (report, truth, ledger, requests, faults)`,
    `  platform   ${platformUrl}`,
    ...tenants.map(
      ({ name, businessId }) =>
        `  tenant     ${name}, business ${businessId}, callback ${simulator.callbackUrl(name)}`,
    ),
    '',
    next,
    '',
    'Sage does not say what it does in these cases; the simulator assumes:',
    ...assumptions.map(({ evidence, text, choice }) =>
      choice === undefined
        ? `  assumed (${evidences[evidence]}): ${text}`
        : `  assumed (${evidences[evidence]}): ${text}; --assume ${choice}=${otherOf(choice, simulator)} for the other`,
    ),
    '',
    ...exportLines(simulator),
    '',
  ].join('\n');
}

const evidences = { none: 'no source', inferred: 'inferred', simplified: 'simplified' } as const;

/** Last, so that they can be pasted without looking for them. */
function exportLines({ tenants, instances }: Simulator): readonly string[] {
  const { userSecret, organizationSecret } = instances;
  const [tenant] = tenants;
  return [
    'For the files of `sagecfg init`, paste these lines into the other terminal:',
    '',
    `export SAGE_CLIENT_ID=${tenant?.clientId} SAGE_CLIENT_SECRET=${tenant?.clientSecret}`,
    ...tenants.map(({ name, signatureKey }) => `export CALLBACK_SIGNATURE_KEY=${signatureKey} # of ${name}`),
    `export SAGECFG_USER_SECRET=${userSecret} SAGECFG_ORGANIZATION_SECRET=${organizationSecret}`,
    '',
  ];
}

function otherOf(choice: keyof Choices, { choices }: Simulator): string {
  return choiceValues[choice].find((value) => value !== choices[choice]) ?? '';
}

function closingText(simulator: Simulator): string {
  const { changes, delivered, lost, duplicates, differentIds, badSignatures } = simulator.report().comparison;
  return `\n${changes} changes made, ${delivered} delivered, ${lost} lost, ${duplicates} repeated with the same id, ${differentIds} with another id, ${badSignatures} bad signatures\n`;
}
