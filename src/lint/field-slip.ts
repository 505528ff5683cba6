import type { Range } from '../problem/problem.ts';

/** What is wrong with the path of a record's field, as it is written. */
export interface FieldSlip extends Range {
  readonly message: string;
  /** What to write in place of the whole. */
  readonly instead?: string;
  readonly isSafe: boolean;
}

/** A slip that no field of any provider can have been meant by. Placeholders and blank paths are other rules' business. */
export function fieldSlipOf(path: string): FieldSlip | undefined {
  if (ordinary.test(path) || path.trim() === '' || /[<{]/.test(path.replace(/^\$\{/, ''))) return undefined;
  const trimmed = path.replaceAll(edge, '');
  const whole = { start: 0, end: path.length };
  const written = JSON.stringify(path);
  if (trimmed !== path && trimmed !== '') {
    const message = `${written} has a blank or a comma at its edge: expected "${trimmed}"`;
    return { ...whole, message, instead: trimmed, isSafe: true };
  }
  const quoted = /^(["'`])([^"'`]+)\1$/.exec(path)?.[2];
  if (quoted !== undefined) {
    const message = `${written} stands in quotes of its own: expected "${quoted}"`;
    return { ...whole, message, instead: quoted, isSafe: true };
  }
  const filled = /^\$\{([\w.]+)\}$/.exec(path)?.[1];
  if (filled !== undefined) {
    const message = `${written} is a template: expected the path of a field, such as "${filled}"`;
    return { ...whole, message, instead: filled, isSafe: false };
  }
  const separator = /[,;|]/.exec(path.replaceAll(/\[[^\]]*\]/g, (part) => ' '.repeat(part.length)));
  if (separator !== null)
    return {
      ...whole,
      message: `${written} is more than one field: expected the path of one`,
      isSafe: false,
    };
  const dots = /^\.+|\.+$|\.{2,}/.exec(path);
  if (dots === null) return undefined;
  const start = dots.index;
  const end = start + dots[0].length;
  return {
    start,
    end,
    message: `${written} has a dot that leads nowhere: expected names between dots`,
    isSafe: false,
  };
}

/** As nearly all are. */
const ordinary = /^\w+(?:\.\w+)*$/;

const edge = /^[\s\u200B-\u200F\u2060\uFEFF,;]+|[\s\u200B-\u200F\u2060\uFEFF,;]+$/g;
