import type { PollUrl } from '../template/poll-url.ts';

/** A date that stands in a URL as it is. Offsets are those of the URL, without quotes. */
export interface FixedDate {
  /** What is compared with it. */
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The template that would write a date of this form; undefined where the form has more than one reading. */
  readonly template: string | undefined;
}

/** Dates in the values of a URL. One in the far future is left out: it stands for "no end". */
export function fixedDatesOf({ where, parameters }: PollUrl): readonly FixedDate[] {
  const conditions = (where?.conditions ?? []).flatMap(({ name, values }) =>
    values.map((value) => {
      const start = value.start + (value.isQuoted ? 1 : 0);
      return { name: name.name, text: value.value, start, end: start + value.value.length };
    }),
  );
  const others = parameters.flatMap(({ name, value }) => {
    if (value === undefined || name.text === 'where') return [];
    const text = value.text.replace(/^'(.*)'$/, '$1');
    const start = value.start + (value.text.length - text.length) / 2;
    return [{ name: name.text, text, start, end: start + text.length }];
  });
  return [...conditions, ...others].flatMap((value) => {
    const form = forms.find(({ test }) => test.test(value.text));
    if (form === undefined || (form.isNumber && !timeName.test(value.name))) return [];
    return /(?:^|\D)(?:2[1-9]|[3-9]\d)\d\d(?:\D|$)/.test(value.text)
      ? []
      : [{ ...value, template: form.template }];
  });
}

/** A bare number may be anything, unless its name says that it is a time. */
const timeName = /date|time|modif|updat|creat|chang|since|after|from|start/i;

const day = String.raw`\d{4}-\d{2}-\d{2}`;
const clock = String.raw`[T ]\d{2}(?::|%3A)\d{2}(?::|%3A)\d{2}`;
const isoTemplate = "${gmtDate:yyyy-MM-dd'T'HH:mm:ss";

const forms: readonly {
  readonly test: RegExp;
  readonly template: string | undefined;
  readonly isNumber?: true;
}[] = [
  { test: new RegExp(`^${day}$`), template: '${gmtDate:yyyy-MM-dd}' },
  { test: new RegExp(`^${day}T\\d{2}:\\d{2}:\\d{2}Z$`), template: `${isoTemplate}'Z'}` },
  { test: new RegExp(`^${day}T\\d{2}:\\d{2}:\\d{2}[+-]\\d{2}:\\d{2}$`), template: `${isoTemplate}XXX}` },
  { test: new RegExp(`^${day}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$`), template: `${isoTemplate}.SSS'Z'}` },
  { test: new RegExp(`^${day}(?:${clock}.*)?$`), template: undefined },
  { test: /^\d{1,2}[/.]\d{1,2}[/.]\d{4}(?:\D.*)?$/, template: undefined },
  { test: /^1\d{12}$/, template: '${epoch}', isNumber: true },
  { test: /^1\d{9}$/, template: '${epoch:s}', isNumber: true },
];
