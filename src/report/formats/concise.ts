import { createLineIndex } from '../../input/line-index.ts';
import type { Format } from '../report.ts';
import { visibleText } from '../visible-text.ts';

/** One line a problem, as editors and `grep` take it: `file:line:column severity rule message`. */
const concise: Format = (files) =>
  files
    .flatMap(({ name, text, problems }) => {
      const lines = createLineIndex(text);
      return problems.map(({ range, severity, rule, message }) => {
        const { line, column } = lines.positionOf(range.start);
        return `${visibleText(`${name}:${line}:${column} ${severity} ${rule} ${message}`)}\n`;
      });
    })
    .join('');

export default concise;
