import type { ScalarStyle } from './node.ts';

type Encode = (text: string) => string;

const asIs: Encode = (text) => text;
const inSingleQuotes: Encode = (text) => text.replaceAll("'", "''");
const inDoubleQuotes: Encode = (text) => JSON.stringify(text).slice(1, -1);

/** How text is written inside a scalar of a style. Plain and block scalars take it as it is. */
export const encoders: Readonly<Record<ScalarStyle, Encode>> = {
  plain: asIs,
  block: asIs,
  'single-quoted': inSingleQuotes,
  'double-quoted': inDoubleQuotes,
};
