import { readdirSync } from 'node:fs';
import type { Command } from './command.ts';

/** Every file of this folder is a command, but for this one and the description of one. The bundle has a static list instead. */
const notCommands = new Set(['index', 'command']);

export const commandNames: readonly string[] = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z-]+\.(js|ts)$/.test(file))
  .map((file) => file.replace(/\.(js|ts)$/, ''))
  .filter((name) => !notCommands.has(name))
  .sort();

/** Loads one command; `name` is one of `commandNames`. */
export async function loadCommand(name: string): Promise<Command> {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const module = (await import(new URL(name + extension, import.meta.url).href)) as { default: Command }; // checked by the test of the folder
  return module.default;
}
