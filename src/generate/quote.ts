/** Languages that a generator writes, each with the one way in which a value gets into its text. */
export const quoters = { yaml: quoteYaml, json: quoteJson } as const satisfies Record<
  string,
  (value: unknown) => string
>;

export type Language = keyof typeof quoters;
export const languages = Object.keys(quoters) as readonly Language[]; // the keys of a constant

/** A value on one line of YAML: bare where every reader of YAML takes it for the same string, else as JSON. */
function quoteYaml(value: unknown): string {
  const isBare =
    typeof value === 'string' &&
    /^[A-Za-z_][\w.-]*$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i.test(value);
  return isBare ? value : quoteJson(value);
}

function quoteJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError('a template asked for a value that is not there');
  // Both end a line in YAML and in older JavaScript, though not in JSON.
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
