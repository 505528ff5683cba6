/** What a sticky pattern (`/…/y`) matches at a place of a text; undefined when it does not. */
export function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Whether a sticky pattern (`/…/y`) matches at a place of a text. */
export function isMatchAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
