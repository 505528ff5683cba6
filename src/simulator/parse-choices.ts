import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { Choices } from './assumptions.ts';
import { choiceValues } from './assumptions.ts';

/** Reads `hubPaging=token`. Throws `SagecfgError` for a choice that there is not. */
export function parseChoices(texts: readonly string[]): Partial<Choices> {
  return Object.assign({}, ...texts.map(parseChoice));
}

function parseChoice(text: string): Partial<Choices> {
  const [name = '', value = ''] = text.split('=');
  const values = isChoice(name) ? choiceValues[name] : undefined;
  if (values === undefined) {
    const known = Object.keys(choiceValues).join(', ');
    throw new SagecfgError('usage', `--assume ${JSON.stringify(text)}: expected NAME=VALUE of ${known}`);
  }
  const chosen = values.find((each) => each === value);
  if (chosen !== undefined) return { [name]: chosen };
  throw new SagecfgError('usage', `--assume ${JSON.stringify(text)}: expected ${name}=${values.join('|')}`);
}

function isChoice(name: string): name is keyof Choices {
  return Object.hasOwn(choiceValues, name);
}
