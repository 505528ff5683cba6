/** A variable of a file that a shell reads: `set -a; . FILE; set +a`. */
export interface Variable {
  readonly name: string;
  /** Undefined for one that nobody knows. */
  readonly value: string | undefined;
}

/** The file's text with these variables set, those without a value taken out, and every other line as it was. */
export function writeVariables(text: string, variables: readonly Variable[]): string {
  const lines = linesOf(text);
  const places = new Map(lines.flatMap((line, index) => nameIn(line).map((name) => [name, index] as const)));
  const gone = new Set<number>();
  for (const { name, value } of variables) {
    const place = places.get(name);
    if (value === undefined && place !== undefined) gone.add(place);
    if (value === undefined) continue;
    if (place !== undefined) lines[place] = `${name}=${quote(value)}`;
    else lines.push(`${name}=${quote(value)}`);
  }
  return lines
    .filter((_line, index) => !gone.has(index))
    .map((line) => `${line}\n`)
    .join('');
}

/** The file's text with a comment for each of these variables that it does not name yet. */
export function askForVariables(text: string, names: readonly string[]): string {
  const known = new Set(linesOf(text).flatMap((line) => nameIn(line.replace(/^# /, ''))));
  const missing = [...new Set(names)].filter((name) => !known.has(name));
  return text + missing.map((name) => `# ${name}=\n`).join('');
}

/** The variables that such a file sets; a value over several lines is none of ours. */
export function readVariables(text: string): ReadonlyMap<string, string> {
  const found = linesOf(text).flatMap((line): [string, string][] => {
    const match = /^(?<name>[A-Za-z_]\w*)='(?<value>.*)'$/.exec(line);
    const { name, value } = match?.groups ?? {};
    return name === undefined || value === undefined ? [] : [[name, value.replaceAll(String.raw`'\''`, "'")]];
  });
  return new Map(found);
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function nameIn(line: string): readonly string[] {
  const name = /^([A-Za-z_]\w*)=/.exec(line)?.[1];
  return name === undefined ? [] : [name];
}

function quote(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
