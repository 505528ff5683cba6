import { resolve } from 'node:path';
import { resolveReferences } from '../model/secret.ts';
import type { ReferenceSources } from '../model/secret.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';

/** Where the state is kept. */
export type StoreAddress =
  | {
      readonly kind: 'sqlite';
      /** Made if it is not there. */
      readonly file: string;
    }
  | {
      readonly kind: 'postgres';
      /** `postgres://…` as written: what it refers to is resolved when it is opened. Never to be printed. */
      readonly url: string;
    };

/** Reads `sqlite:FILE` or `postgres://…`; a relative file counts from the working directory. Throws `SagecfgError`. */
export function parseStoreAddress(text: string, workingDirectory: string, flag = '--store'): StoreAddress {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (scheme === 'sqlite' && rest !== '') return { kind: 'sqlite', file: resolve(workingDirectory, rest) };
  const isPostgres = scheme === 'postgres' || scheme === 'postgresql';
  if (isPostgres && rest.startsWith('//')) return { kind: 'postgres', url: text };
  // The rest of an address may hold a password.
  const said = scheme === '' ? 'has no scheme' : `begins with '${scheme}:'`;
  throw new SagecfgError('usage', `${flag} ${said}: expected sqlite:FILE or postgres://USER@HOST/DATABASE`);
}

/** The address with what its `${env:…}` and `${file:…}` refer to, for the moment of use. */
export function databaseUrl(
  { url }: Extract<StoreAddress, { kind: 'postgres' }>,
  sources: ReferenceSources,
): string {
  const resolved = url.replaceAll(/\$\{(?:env|file):[^}]*\}/g, (reference) =>
    encodeURIComponent(resolveReferences(reference, sources)),
  );
  // `pg` means the same by these, and warns each time that it once will not.
  return /[?&]uselibpqcompat=/.test(resolved)
    ? resolved
    : resolved.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}
