import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { locate } from '../document/locate.ts';
import type { Node } from '../document/node.ts';
import { readDocuments } from '../document/read-documents.ts';
import { toValue } from '../document/to-value.ts';
import { decodeText } from '../input/decode-text.ts';
import { createLineIndex } from '../input/line-index.ts';
import type { Finding, Severity } from '../problem/problem.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { checkSettings } from '../schema/check-schema.ts';
import { version } from '../version.ts';
import { findUnknownRules } from './find-unknown-rules.ts';
import { satisfiesVersion } from './satisfies-version.ts';
import type { IgnoreEntry, PlatformSettings, RuntimeSettings, Settings } from './settings.ts';

export interface ReadSettingsOptions {
  readonly workingDirectory: string;
  /** Named with `--config`; `false` for `--no-config`; left out, the file is looked for from here upwards. */
  readonly config?: string | false;
}

const names = ['sagecfg.yaml', 'sagecfg.yml', 'sagecfg.json'];

/** @throws SagecfgError `settings` with file, line and column when the file is not what its schema says */
export function readSettings({ workingDirectory, config }: ReadSettingsOptions): Settings {
  if (config === false) return noSettings(workingDirectory);
  if (config !== undefined) {
    const path = resolve(workingDirectory, config);
    const text = readIfThere(path);
    if (text === undefined) throw new SagecfgError('settings', `no settings file at ${JSON.stringify(path)}`);
    return parseSettings(path, text);
  }
  for (let folder = resolve(workingDirectory); ; folder = dirname(folder)) {
    for (const name of names) {
      const text = readIfThere(join(folder, name));
      if (text !== undefined) return parseSettings(join(folder, name), text);
    }
    if (folder === dirname(folder)) return noSettings(workingDirectory);
  }
}

function noSettings(folder: string): Settings {
  return {
    path: undefined,
    folder,
    configs: [],
    rules: new Map(),
    overrides: [],
    ignore: [],
    platform: {},
    runtime: {},
  };
}

function readIfThere(path: string): string | undefined {
  try {
    const { text, findings } = decodeText(readFileSync(path));
    if (findings[0] !== undefined) throw new SagecfgError('settings', `${path}: ${findings[0].message}`);
    return text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    if (error instanceof SagecfgError) throw error;
    throw new SagecfgError('settings', `cannot read ${JSON.stringify(path)}: ${String(error)}`, {
      cause: error,
    });
  }
}

function parseSettings(path: string, text: string): Settings {
  const [document] = readDocuments(text, { syntax: path.endsWith('.json') ? 'json' : 'yaml' });
  const root = document?.root;
  // First of all: another version may well know keys that this one does not.
  if (root !== undefined) checkVersion(root, path);
  const findings = [
    ...(document?.findings ?? []),
    ...(root === undefined ? [] : checkSettings(root)),
    ...(root === undefined ? [] : findUnknownRules(root)),
  ];
  if (findings.length > 0) throw new SagecfgError('settings', describe(path, text, findings));
  if (root === undefined) return { ...noSettings(dirname(path)), path };
  const value = toValue(root) as SettingsFile; // the schema has just said so
  return {
    path,
    folder: dirname(path),
    configs: value.configs ?? [],
    rules: new Map(Object.entries(value.rules ?? {})),
    overrides: (value.overrides ?? []).map(({ files, rules }) => ({
      files,
      rules: new Map(Object.entries(rules)),
    })),
    ignore: value.ignore ?? [],
    platform: value.platform ?? {},
    runtime: value.runtime ?? {},
  };
}

interface SettingsFile {
  readonly configs?: readonly string[];
  readonly rules?: Severities;
  readonly overrides?: readonly { readonly files: readonly string[]; readonly rules: Severities }[];
  readonly ignore?: readonly IgnoreEntry[];
  readonly platform?: PlatformSettings;
  readonly runtime?: RuntimeSettings;
}

type Severities = Readonly<Record<string, Severity | 'off'>>;

function checkVersion(root: Node, path: string): void {
  const range = locate(root, '/requiredVersion')?.node;
  if (range?.kind !== 'scalar' || typeof range.value !== 'string' || !/\d/.test(range.value)) return;
  if (satisfiesVersion(version, range.value)) return;
  throw new SagecfgError(
    'settings',
    `${path} requires sagecfg ${range.value}, this is ${version}: npm install --save-dev "sagecfg@${range.value}", or change "requiredVersion"`,
  );
}

function describe(path: string, text: string, findings: readonly Finding[]): string {
  const lines = createLineIndex(text);
  const described = findings.map(({ range, message }) => {
    const { line, column } = lines.positionOf(range.start);
    return `${path}:${line}:${column}: ${message}`;
  });
  return described.join('\n');
}
