import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of this package: found upwards, because the source, the library and the bundle lie at different depths. */
export function packageRoot(): string {
  // The bundle is CommonJS, where `import.meta` is empty.
  let folder = typeof __dirname === 'undefined' ? import.meta.dirname : __dirname;
  while (!existsSync(join(folder, 'generators')) || !existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package is incomplete: its folder "generators" is missing');
    folder = parent;
  }
  return folder;
}
