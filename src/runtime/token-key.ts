import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { makePrivateFolder, writePrivateFile } from './private-files.ts';
import { usesGrant } from './source-kind.ts';
import type { SourceKind } from './source-kind.ts';
import type { StoreAddress } from './store-address.ts';
import { generateTokenKey, parseTokenKey } from './token-cipher.ts';

const variable = 'SAGECFG_KEY';

/**
 * The key that seals tokens: `SAGECFG_KEY`. Tokens of a simulator open nothing, and other sources keep none, so there a
 * missing key is made up and kept beside the state; for the real Sage that would put key and tokens into one folder, so
 * there it is refused.
 */
export function readTokenKey({
  environment,
  store,
  source,
  dryRun,
}: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly store: StoreAddress;
  readonly source: SourceKind;
  /** Where there is one, no key is made up, and none is needed before there is a state. */
  readonly dryRun?: unknown;
}): Buffer {
  const given = environment[variable];
  if (given !== undefined && given !== '') return parseTokenKey(given.trim());
  if (store.kind === 'sqlite') {
    if (dryRun !== undefined && !existsSync(store.file)) return generateTokenKey();
    if (source === 'simulator' || !usesGrant(source)) return readKeyFile(store.file);
  }
  throw new SagecfgError(
    'settings',
    `${variable} is not set: it encrypts the tokens in the state; make one with 'openssl rand -base64 32' and keep it`,
  );
}

function readKeyFile(stateFile: string): Buffer {
  const file = `${stateFile}-key`;
  makePrivateFolder(dirname(file));
  writePrivateFile(file, generateTokenKey().toString('base64'), { isNew: true });
  return parseTokenKey(readFileSync(file, 'utf8').trim());
}
