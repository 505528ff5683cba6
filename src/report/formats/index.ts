import { readdirSync } from 'node:fs';
import type { Format } from '../report.ts';

/** Every file of this folder is a format. The bundle has a static list in place of this module. */
export const formatNames: readonly string[] = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z-]+\.(js|ts)$/.test(file))
  .map((file) => file.replace(/\.(js|ts)$/, ''))
  .filter((name) => name !== 'index')
  .sort();

/** Loads one format; `name` is one of `formatNames`. */
export async function loadFormat(name: string): Promise<Format> {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const module = (await import(new URL(name + extension, import.meta.url).href)) as { default: Format }; // checked by the test of the folder
  return module.default;
}
