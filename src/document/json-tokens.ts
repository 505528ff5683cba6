// Values of jsonc-parser's SyntaxKind, a const enum that a type-stripping runtime cannot read.
export const openBrace = 1;
export const closeBrace = 2;
export const openBracket = 3;
export const closeBracket = 4;
export const comma = 5;
export const colon = 6;
export const lineComment = 12;
export const endOfFile = 17;
