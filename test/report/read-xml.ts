export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Of the element itself, entities resolved. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const token =
  /<(?<closing>\/)?(?<name>[A-Za-z][\w-]*)(?<attributes>(?: [A-Za-z][\w-]*="[^"<]*")*) ?(?<empty>\/)?>|(?<text>[^<]+)/y;

/** Reads the part of XML that reports are written in. Throws for anything that is not well-formed. */
export function readXml(document: string): XmlElement {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(head)) throw new Error('no XML declaration');
  const root: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  token.lastIndex = head.length;
  for (let at = head.length; at < document.length; at = token.lastIndex) {
    const { groups } = token.exec(document) ?? {};
    if (groups === undefined) throw new Error(`not XML: ${document.slice(at, at + 60)}`);
    readToken(groups, open);
  }
  const [only] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || only === undefined || root.text.trim() !== '')
    throw new Error('not one closed element');
  return only;
}

function readToken(groups: Readonly<Record<string, string | undefined>>, open: OpenElement[]): void {
  const { closing, name, attributes = '', empty, text } = groups;
  const current = open.at(-1);
  if (current === undefined) throw new Error('more closed than opened');
  if (text !== undefined) current.text += decode(text);
  else if (closing !== undefined) {
    if (current.name !== name) throw new Error(`</${name ?? ''}> closes <${current.name}>`);
    open.pop();
  } else {
    const element: OpenElement = {
      name: name ?? '',
      attributes: readAttributes(attributes),
      children: [],
      text: '',
    };
    current.children.push(element);
    if (empty === undefined) open.push(element);
  }
}

function readAttributes(source: string): Record<string, string> {
  const pairs = [...source.matchAll(/ ([A-Za-z][\w-]*)="([^"]*)"/g)].map(
    ([, key = '', value = '']) => [key, decode(value)] as const,
  );
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`attribute twice: ${source}`);
  return Object.fromEntries(pairs);
}

function decode(source: string): string {
  // oxlint-disable-next-line no-control-regex -- what XML 1.0 must not hold
  if (/[\0-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(source))
    throw new Error('a character that is not XML');
  return source.replaceAll(/&(?<entity>[^;]*);?/g, (_, entity: string) => {
    const named = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[entity];
    const code = /^#(?<code>\d+)$/.exec(entity)?.groups?.['code'];
    if (named === undefined && code === undefined) throw new Error(`unknown entity ${entity}`);
    return named ?? String.fromCodePoint(Number(code));
  });
}
