import { readdirSync } from 'node:fs';
import type { Rule } from '../rule.ts';

/** Every file of this folder is a rule. The bundled command has static imports in place of this module. */
const files = readdirSync(import.meta.dirname).filter((file) =>
  /^(?!index\.)[a-z0-9-]+\.(js|ts)$/.test(file),
);

const modules = await Promise.all(
  files.sort().map(async (file) => (await import(new URL(file, import.meta.url).href)) as { default: Rule }), // checked by the test of the folder
);

export const rules: readonly Rule[] = modules.map((module) => module.default);
