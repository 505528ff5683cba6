import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../../src/runtime/adapters/store/sqlite-failure.ts';
import {
  listSqliteGrants,
  openSqliteBeside,
  openSqliteStore,
} from '../../../../src/runtime/adapters/store/sqlite.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const ports = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };

describe('a failure of the state file', () => {
  it('is named, and what to do about it, where the disk is full', () => {
    using database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE bytes (value BLOB); PRAGMA max_page_count = 3');
    let failure: unknown;
    try {
      database.exec('INSERT INTO bytes VALUES (zeroblob(100000))');
    } catch (error) {
      failure = error;
    }
    expect(explainFailure(failure, 'state.db')).toMatchObject({
      code: 'state',
      message:
        "state file 'state.db' cannot grow: the disk is full; nothing is lost, make room and start again",
    });
  });

  it('is named where the file is no database, which is left as it is', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'state.db');
    await writeFile(file, 'no database'.repeat(1000));
    expect(() => openSqliteStore(file, ports)).toThrow(
      `state file '${file}' is no state of sagecfg, or damaged`,
    );
    expect(await folder.read('state.db')).toBe('no database'.repeat(1000));
  });

  it('is named where the state is a folder', async () => {
    await using folder = await temporaryFolder();
    const failure = `state file '${folder.path}' is a folder: name a file in it`;
    expect(() => openSqliteBeside(folder.path, { readOnly: true, cipher: ports.cipher })).toThrow(failure);
    expect(() => listSqliteGrants(folder.path)).toThrow(failure);
  });

  it('is named where a part of the path is a file', async () => {
    await using folder = await temporaryFolder({ file: '' });
    expect(() => openSqliteStore(join(folder.path, 'file', 'state.db'), ports)).toThrow(
      'cannot be written: a part of the path is no folder',
    );
  });

  it('stays as it is where it is a mistake of ours', () => {
    const mistake = new TypeError('column key holds no text');
    expect(explainFailure(mistake, 'state.db')).toBe(mistake);
  });
});
