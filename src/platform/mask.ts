import { findWords } from '../lint/find-words.ts';

const shown = '[secret]';
const passwordInUrl = /(:\/\/[^\s/@:"']*:)[^\s/@"']+(?=@)/g;
const secretParameter =
  /([?&](?:[\w.-]*(?:token|secret|password|passwd|api_?key|signature)|sig|code|key)=)[^&#\s"'$]+/gi;

/** A text without the secrets that are known, nor what stands in a URL where secrets do. */
export function createMask(secrets: Iterable<string>): (text: string) => string {
  const find = findWords(new Set([...secrets].filter(({ length }) => length >= 3)));
  return (text) => {
    let masked = '';
    let reached = 0;
    for (const { start, end } of find(text)) {
      masked += text.slice(reached, start) + shown;
      reached = end;
    }
    return (masked + text.slice(reached))
      .replaceAll(passwordInUrl, `$1${shown}`)
      .replaceAll(secretParameter, `$1${shown}`);
  };
}
