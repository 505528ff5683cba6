/** How a language takes a value that a template puts into it: `{{yaml value}}`, or `{{yaml value as="comment"}}`. */
type Quoter = (value: unknown) => string;

interface Quoting {
  readonly value: Quoter;
  /** Other places of the same language, by the name that `as=` gives them. */
  readonly forms: Readonly<Record<string, Quoter>>;
}

/** Languages that a template can be in. Each has one helper, named like it, and there is no other way into its text. */
const quotings = {
  yaml: { value: quoteYaml, forms: { comment: quoteLine } },
  json: { value: quoteJson, forms: {} },
  ts: { value: quoteJson, forms: { comment: quoteBlockComment } },
  markdown: { value: quoteMarkdown, forms: { code: quoteMarkdownCode } },
  path: { value: quotePathSegment, forms: {} },
} as const satisfies Record<string, Quoting>;

export type TemplateLanguage = keyof typeof quotings;
export const templateLanguages = Object.keys(quotings) as readonly TemplateLanguage[]; // the keys of a constant

/** Languages of a configuration. */
export const languages = ['yaml', 'json'] as const;
export type Language = (typeof languages)[number];

/** The quoting of `language` for a place; undefined for a place that it does not have. */
export function quoterOf(language: TemplateLanguage, form: string | undefined): Quoter | undefined {
  const { value, forms }: Quoting = quotings[language];
  if (form === undefined) return value;
  return Object.hasOwn(forms, form) ? forms[form] : undefined;
}

/** A value on one line of YAML: bare where every reader of YAML takes it for the same string, else as JSON. */
function quoteYaml(value: unknown): string {
  const isBare =
    typeof value === 'string' &&
    /^[A-Za-z_][\w.-]*$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i.test(value);
  return isBare ? value : quoteJson(value);
}

/** Also what TypeScript takes: JSON is a part of it. */
function quoteJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw missing();
  // Both end a line in YAML and in older JavaScript, though not in JSON.
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Text that cannot end its line. */
function quoteLine(value: unknown): string {
  return textOf(value).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function quoteBlockComment(value: unknown): string {
  return quoteLine(value).replaceAll('*/', '*\u200B/');
}

/** Text that a Markdown reader shows as it is, on one line, also in the cell of a table. */
function quoteMarkdown(value: unknown): string {
  return quoteLine(value)
    .replaceAll(/[\\`*_{}[\]<>()#+!|~&$-]/g, (mark) => (mark === '-' ? mark : `\\${mark}`))
    .replaceAll(/^(\s*)([-=]|\d+\.)/g, '$1\\$2');
}

/** A code span, with a fence longer than any in it; a bar would end the cell of a table even there. */
function quoteMarkdownCode(value: unknown): string {
  const text = quoteLine(value).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const blank = text === '' || text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return fence + blank + text + blank + fence;
}

/** A name cannot be written otherwise, so one that is no plain file name is refused. */
function quotePathSegment(value: unknown): string {
  const text = textOf(value);
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(text)) return text;
  throw new RangeError(
    `${JSON.stringify(text)} cannot be part of a file name: expected letters, digits, ".", "-", "_" and blanks`,
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw value === undefined ? missing() : new TypeError('a template put an object where only text fits');
}

function missing(): TypeError {
  return new TypeError('a template asked for a value that is not there');
}
