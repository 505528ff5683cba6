/** A line of a text, without its line break. */
export interface Line {
  readonly start: number;
  readonly end: number;
}

export function lineOf(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', offset);
  const end = next === -1 ? text.length : next;
  return { start: offset === 0 ? 0 : start, end: text[end - 1] === '\r' && end > start ? end - 1 : end };
}

/** The line above, if there is one. */
export function lineAbove(text: string, { start }: Line): Line | undefined {
  return start === 0 ? undefined : lineOf(text, start - 1);
}

/** The line below, if there is one. */
export function lineBelow(text: string, { end }: Line): Line | undefined {
  const next = text.indexOf('\n', end);
  return next === -1 || next + 1 >= text.length ? undefined : lineOf(text, next + 1);
}
