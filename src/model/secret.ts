import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { SagecfgError } from '../problem/sagecfg-error.ts';

const redacted = '[redacted]';

/** A value that must not be printed: every way of turning it into text gives `[redacted]`, only `reveal` gives the text. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}

export interface ReferenceSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder that relative `${file:…}` paths start from. */
  readonly workingDirectory: string;
}

const reference = /\$\{(env|file):([^}]*)\}/g;

/**
 * Replaces each `${env:NAME}` and `${file:path}` of a configuration value by what it refers to; a file's last line
 * break is dropped. Only for the last moment before use: the result may hold a secret. Throws `SagecfgError`, which
 * names the reference and never its value.
 */
export function resolveReferences(text: string, sources: ReferenceSources): string {
  return text.replaceAll(reference, (_whole, kind: string, name: string) =>
    kind === 'env' ? readVariable(name, sources) : readSecretFile(name, sources),
  );
}

function readVariable(name: string, { environment }: ReferenceSources): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new SagecfgError(
      'settings',
      `environment variable '${name}' is not set; '\${env:${name}}' needs it`,
    );
  }
  return value;
}

function readSecretFile(path: string, { workingDirectory }: ReferenceSources): string {
  try {
    return readFileSync(resolve(workingDirectory, path), 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new SagecfgError('unreadable', `'\${file:${path}}' could not be read`, { cause });
  }
}
