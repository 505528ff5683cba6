// oxlint-disable-next-line no-control-regex -- these are what it is about
const disobedient = /[\0-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/**
 * A text from a file in a form that is safe to print in one line: a tab is a blank, and what a terminal would obey or
 * what turns the direction of writing shows as the replacement character. Lengths stay, so that offsets hold.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replaceAll('\t', ' ').replaceAll(disobedient, '\uFFFD');
}
