import Handlebars from 'handlebars';
import type { Generator } from './generator.ts';
import { quoters, type Language } from './quote.ts';

/** Fills in a generator's template. Every value goes through the language's quoting; a missing one is an error. */
export function render(generator: Generator, language: Language, data: object): string {
  const handlebars = Handlebars.create();
  const quote = quoters[language];
  handlebars.registerHelper(language, (value: unknown) => quote(value));
  const partials = [generator, ...generator.uses].map(({ name, templates }) => [
    name,
    compile(handlebars, templates[language] ?? '', language),
  ]);
  const template = compile(handlebars, templateOf(generator, language), language);
  return template(data, {
    partials: Object.fromEntries(partials),
    allowProtoMethodsByDefault: false,
    allowProtoPropertiesByDefault: false,
  });
}

function templateOf({ name, templates }: Generator, language: Language): string {
  const template = templates[language];
  if (template === undefined) throw new Error(`generator "${name}" has no template for ${language}`);
  return template;
}

function compile(
  handlebars: typeof Handlebars,
  source: string,
  language: Language,
): HandlebarsTemplateDelegate {
  const program = Handlebars.parse(source);
  new QuotingCheck(language).accept(program);
  return handlebars.compile(program, {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: { [language]: true },
  });
}

/** Refuses a template in which a value gets into the text unquoted. */
class QuotingCheck extends Handlebars.Visitor {
  readonly #language: Language;

  constructor(language: Language) {
    super();
    this.#language = language;
  }

  override MustacheStatement(statement: hbs.AST.MustacheStatement): void {
    const helper = 'original' in statement.path ? statement.path.original : '';
    if (helper === this.#language && statement.params.length === 1) return;
    const { line, column } = statement.loc.start;
    throw new Error(
      `template, line ${line}, column ${column + 1}: expected {{${this.#language} VALUE}}, found {{${helper}}}`,
    );
  }
}
