import { closeSync, mkdirSync, openSync } from 'node:fs';

/* Records and sealed tokens are nobody else's business. What is there already keeps the mode that somebody gave it. */

/** Makes the folder, and those above it, for this user alone. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Makes an empty file for this user alone. SQLite gives the files that it puts beside one the same mode. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', privateFileMode));
}

export const privateFileMode = 0o600;
