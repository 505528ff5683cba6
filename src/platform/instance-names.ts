import { slugsOf } from '../generate/slugs.ts';

/** File systems of Windows keep these for devices, with any ending. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;
const longestName = 100;

/** For each instance's name one that every file system takes, and no two alike, also where case is not told apart. */
export function fileNamesOf(names: readonly string[]): readonly string[] {
  return slugsOf(names.map((name) => safeName(plainLetters(name))));
}

/** For each instance's name the beginning of names of environment variables, and no two alike. */
export function variablePrefixesOf(names: readonly string[]): readonly string[] {
  return slugsOf(names.map((name) => variableName(plainLetters(name))));
}

/** `oauth.api.key` → `OAUTH_API_KEY`. */
export function variableName(text: string): string {
  const name = text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[A-Z]/.test(name) ? name : `I_${name}`;
}

function safeName(name: string): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, longestName);
  return safe === '' || reserved.test(safe.split('.')[0] ?? '') ? `instance-${safe}` : safe;
}

/** Accents off, so that something of a name is left. */
function plainLetters(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{M}+/gu, '');
}
