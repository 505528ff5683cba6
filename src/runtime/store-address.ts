import { resolve } from 'node:path';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/** Where the state is kept. */
export interface StoreAddress {
  readonly kind: 'sqlite';
  /** Made if it is not there. */
  readonly file: string;
}

/** Reads `sqlite:FILE`; a relative file counts from the working directory. Throws `SagecfgError`. */
export function parseStoreAddress(text: string, workingDirectory: string): StoreAddress {
  const [, scheme, rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (scheme === 'sqlite' && rest !== '') return { kind: 'sqlite', file: resolve(workingDirectory, rest) };
  throw new SagecfgError('usage', `--store ${JSON.stringify(text)}: expected sqlite:FILE`);
}
