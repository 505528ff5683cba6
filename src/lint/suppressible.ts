/** What keeps a file from being judged. Hidden, it would hide everything that nobody has looked for. */
const neverHidden: ReadonlySet<string> = new Set([
  'alias-cycle',
  'invalid-encoding',
  'syntax',
  'too-large',
  'unknown-kind',
]);

/** Whether a comment, the settings or a baseline may hide problems of a rule. */
export function isSuppressible(rule: string): boolean {
  return !neverHidden.has(rule);
}
