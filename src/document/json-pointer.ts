/** Appends one reference token to a JSON Pointer (RFC 6901). Keys contain dots, so no dotted path is ever made. */
export function appendToPointer(pointer: string, token: string | number): string {
  const text = String(token);
  // Called for every value of a file, and nearly no key needs an escape.
  return special.test(text)
    ? `${pointer}/${text.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : `${pointer}/${text}`;
}

const special = /[~/]/;

/** The reference tokens of a JSON Pointer, unescaped. */
export function pointerTokens(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
