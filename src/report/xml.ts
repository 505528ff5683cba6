/** Text as it stands in XML, in an element as well as in an attribute. What XML 1.0 cannot hold is replaced. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(notInXml, '\uFFFD')
    .replaceAll(/[&<>"'\t\r\n]/g, (character) => entities[character] ?? `&#${character.charCodeAt(0)};`);
}

// oxlint-disable-next-line no-control-regex -- these are what it is about
const notInXml = /[\0-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** An element with its attributes; `children` are elements or text that is escaped already, a line each. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const start = `<${name}${written.join('')}`;
  if (children.length === 0) return `${start}/>`;
  return [`${start}>`, ...children.map((child) => child.replaceAll(/^/gm, '  ')), `</${name}>`].join('\n');
}

export const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>';
