import { Secret } from '../../model/secret.ts';
import type { Report } from '../report.ts';

/** Takes secrets out of texts: those it knows by their value, and whatever looks like one. */
export interface Scrubber {
  /** Every `Secret` somewhere in the value. */
  readonly learn: (value: unknown) => void;
  readonly clean: (text: string) => string;
}

/** Shorter ones would blot out ordinary words, and guessing them is no harder than reading them. */
const shortestSecret = 6;
/** Tokens are replaced every few minutes; what is long gone opens nothing any more. */
const mostSecrets = 50_000;
const redacted = '[redacted]';

const lookalikes: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, redacted],
  [
    /\b((?:access_|refresh_)?token|client_secret|code|api_?key|subscription-key|password|secret)(["']?\s*[=:]\s*["']?)[^\s&"',;]+/gi,
    `$1$2${redacted}`,
  ],
];

export function createScrubber(): Scrubber {
  const known = new Set<string>();
  function learn(value: unknown): void {
    if (value instanceof Secret) {
      if (known.size >= mostSecrets) known.delete(known.values().next().value ?? '');
      if (value.reveal().length >= shortestSecret) known.add(value.reveal());
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(learn);
  }
  return {
    learn,
    clean: (text) => {
      let cleaned = text;
      for (const secret of known) {
        if (cleaned.includes(secret)) cleaned = cleaned.replaceAll(secret, redacted);
      }
      for (const [pattern, replacement] of lookalikes) cleaned = cleaned.replaceAll(pattern, replacement);
      return cleaned;
    },
  };
}

/** Cleans what an event says in its own words; ids and names are no place for a secret. */
export function scrubbing(report: Report, { clean }: Scrubber): Report {
  return (event) => {
    const texts = Object.entries(event).filter(([key]) => key === 'reason' || key === 'why');
    if (texts.length === 0) report(event);
    else report({ ...event, ...Object.fromEntries(texts.map(([key, text]) => [key, clean(String(text))])) });
  };
}
