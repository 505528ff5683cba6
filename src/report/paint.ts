import type { Severity } from '../problem/problem.ts';

/** Puts text into colours, or leaves it alone. */
export type Paint = Readonly<Record<Severity | 'strong' | 'faint' | 'good', (text: string) => string>>;

export function paint(colour: boolean): Paint {
  const style = (open: number, close: number) => (text: string) =>
    colour ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    error: style(31, 39),
    warning: style(33, 39),
    info: style(36, 39),
    good: style(32, 39),
    strong: style(1, 22),
    faint: style(2, 22),
  };
}

/** `--color` first, then NO_COLOR and FORCE_COLOR, then whether a terminal is there. */
export function wantsColour(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (flag === 'always') return true;
  if (flag === 'never') return false;
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && environment['TERM'] !== 'dumb';
}
