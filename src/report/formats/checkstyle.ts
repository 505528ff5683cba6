import { createLineIndex } from '../../input/line-index.ts';
import type { CheckedFile, Format } from '../report.ts';
import { xmlElement, xmlHead } from '../xml.ts';

/** As Checkstyle reports, which most tools that collect warnings can read. */
const checkstyle: Format = (files) => {
  const report = xmlElement('checkstyle', { version: '10.0' }, files.map(fileElement));
  return `${xmlHead}\n${report}\n`;
};

export default checkstyle;

function fileElement({ name, text, problems }: CheckedFile): string {
  const lines = createLineIndex(text);
  const errors = problems.map(({ range, severity, rule, message }) => {
    const { line, column } = lines.positionOf(range.start);
    return xmlElement('error', { line, column, severity, message, source: `sagecfg.${rule}` });
  });
  return xmlElement('file', { name }, errors);
}
