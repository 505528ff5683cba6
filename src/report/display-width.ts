const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u;

/** All others take one column. */
// oxlint-disable-next-line no-control-regex -- these are one column each, as everything else in the range
const uncommon = /[^\0-\u02FF]/gu;

/** Columns on a terminal: wide characters take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = text.length;
  for (const [character] of text.matchAll(uncommon)) width += characterWidth(character) - character.length;
  return width;
}

function characterWidth(character: string): number {
  if (character <= '\u02FF') return 1;
  if (/\p{Mark}|\u200D|\uFE0F/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** As much of the beginning of a text as fits into `width` columns. */
export function fitStart(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** As much of the end of a text as fits into `width` columns. */
export function fitEnd(text: string, width: number): string {
  const reversed = Array.from(text).toReversed();
  let used = 0;
  let start = text.length;
  for (const character of reversed) {
    used += characterWidth(character);
    if (used > width) break;
    start -= character.length;
  }
  return text.slice(start);
}
