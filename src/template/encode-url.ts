/** What may stand in a path or query as it is, in literal text: an existing `%XX` is left alone. */
const literalForbidden = /%(?![0-9a-fA-F]{2})|[^\w\-.~/?&=:,;@!$*()[\]%]+/g;

/** In a value that was filled in, nothing separates or encodes: `&` is an ampersand and `%41` three characters. */
const valueForbidden = /[^\w\-.~/:,;@!$*()[\]]+/g;

/** Percent-encodes the author's own text of a URL. What is already encoded stays, so encoding twice changes nothing. */
export function encodeLiteral(text: string): string {
  return text.toWellFormed().replaceAll(literalForbidden, encodeAll);
}

/** Percent-encodes text that replaces a template: the `+` of an offset becomes `%2B`. */
export function encodeValue(text: string): string {
  return text.toWellFormed().replaceAll(valueForbidden, encodeAll);
}

function encodeAll(text: string): string {
  // encodeURIComponent leaves the quote alone, which is where a where clause breaks first.
  return encodeURIComponent(text).replaceAll("'", '%27');
}
