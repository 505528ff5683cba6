import { join } from 'node:path';
import { openSqliteStore } from '../../src/runtime/adapters/store/sqlite.ts';
import type { Store } from '../../src/runtime/ports/store.ts';
import { createTokenCipher, generateTokenKey } from '../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A real store in a folder that goes with it. */
export async function openStore(): Promise<Store> {
  const folder = await temporaryFolder();
  const store = openSqliteStore(join(folder.path, 'state.db'), {
    cipher: createTokenCipher(generateTokenKey()),
    crash: () => undefined,
  });
  return {
    ...store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
