/** A variable of a file that a shell reads: `set -a; . FILE; set +a`. */
export interface Variable {
  readonly name: string;
  /** Undefined for one that somebody else has to fill in. */
  readonly value: string | undefined;
}

/** The file's text with these variables set, and every other line as it was. */
export function writeVariables(text: string, variables: readonly Variable[]): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  for (const { name, value } of variables) {
    const line = value === undefined ? `# ${name}=` : `${name}=${quote(value)}`;
    const at = lines.findIndex((each) => each.startsWith(`${name}=`) || each === `# ${name}=`);
    if (at === -1) lines.push(line);
    else if (value !== undefined) lines[at] = line;
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function quote(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
