import Handlebars from 'handlebars';
import { quoterOf, type TemplateLanguage } from './quote.ts';

export interface Template {
  /** As messages name it: `page.md.hbs`. */
  readonly name: string;
  readonly source: string;
  readonly language: TemplateLanguage;
  /** Texts in the same language by the name under which the template includes them. */
  readonly partials: ReadonlyMap<string, string>;
}

export type Render = (data: object) => string;

/**
 * Compiles a template. Every value goes through the quoting of its language; a value that is not there is an error, and
 * so is everything that a template could reach besides its data.
 *
 * @throws Error that says where the template is wrong
 */
export function compileTemplate({ name, source, language, partials }: Template): Render {
  const handlebars = Handlebars.create();
  registerHelpers(handlebars, language);
  const compiledPartials = [...partials].map(([partial, text]) => [
    partial,
    compile(handlebars, `partial "${partial}"`, text, language),
  ]);
  const template = compile(handlebars, name, source, language);
  const options = {
    partials: Object.fromEntries(compiledPartials) as Record<string, HandlebarsTemplateDelegate>, // as just made
    allowProtoMethodsByDefault: false,
    allowProtoPropertiesByDefault: false,
  };
  return (data) => template(data, options);
}

type HandlebarsInstance = ReturnType<typeof Handlebars.create>;

interface HelperOptions {
  readonly hash: Readonly<Record<string, unknown>>;
}

function registerHelpers(handlebars: HandlebarsInstance, language: TemplateLanguage): void {
  handlebars.registerHelper(language, (value: unknown, { hash }: HelperOptions) => {
    const form = typeof hash['as'] === 'string' ? hash['as'] : undefined;
    return quoterOf(language, form)?.(value);
  });
  handlebars.registerHelper('concat', (...parts: readonly unknown[]) => concat(parts.slice(0, -1)));
  handlebars.unregisterHelper('log');
  for (const name of ['if', 'unless', 'each', 'with']) {
    const original = handlebars.helpers[name];
    if (original !== undefined) handlebars.registerHelper(name, refusingMissing(name, original));
  }
}

/** Only as an argument, `{{yaml (concat "a" b)}}`: what it gives is quoted like any value. */
function concat(parts: readonly unknown[]): string {
  if (parts.every((part) => typeof part === 'string' || typeof part === 'number')) return parts.join('');
  throw new TypeError('a template asked for a value that is not there, in (concat)');
}

/** Left alone, a block over a misspelt name is skipped without a word. */
function refusingMissing(name: string, original: Handlebars.HelperDelegate): Handlebars.HelperDelegate {
  return function refuse(this: unknown, context?: unknown, ...rest: unknown[]): unknown {
    if (context === undefined)
      throw new TypeError(`a template asked for a value that is not there, in {{#${name}}}`);
    const answer: unknown = original.call(this, context, ...rest);
    return answer;
  };
}

function compile(
  handlebars: HandlebarsInstance,
  name: string,
  source: string,
  language: TemplateLanguage,
): HandlebarsTemplateDelegate {
  const program = Handlebars.parse(source);
  new QuotingCheck(name, language).accept(program);
  return handlebars.compile(program, {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: { [language]: true, concat: true, log: false },
  });
}

/** Refuses a template in which a value gets into the text unquoted. */
class QuotingCheck extends Handlebars.Visitor {
  readonly #name: string;
  readonly #language: TemplateLanguage;

  constructor(name: string, language: TemplateLanguage) {
    super();
    this.#name = name;
    this.#language = language;
  }

  override MustacheStatement(statement: hbs.AST.MustacheStatement): void {
    const { path, params, hash, loc } = statement;
    const helper = 'original' in path ? path.original : '';
    // Handlebars gives a statement without pairs no hash at all, whatever its types say.
    const pairs: readonly hbs.AST.HashPair[] = (hash as hbs.AST.Hash | undefined)?.pairs ?? [];
    if (helper === this.#language && params.length === 1 && pairs.every((pair) => this.#isForm(pair))) return;
    const { line, column } = loc.start;
    throw new Error(
      `${this.#name}, line ${line}, column ${column + 1}: expected {{${this.#language} VALUE}}, found {{${helper}}}`,
    );
  }

  /** Known when the template is read, so that no value can choose its own quoting. */
  #isForm({ key, value }: hbs.AST.HashPair): boolean {
    if (key !== 'as' || value.type !== 'StringLiteral') return false;
    return quoterOf(this.#language, (value as hbs.AST.StringLiteral).value) !== undefined; // its type says so
  }
}
