import { didYouMean } from '../../problem/did-you-mean.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';

/** The action that the first name is. Throws `SagecfgError`, which knows the others. */
export function chooseAction<Action extends string>(
  command: string,
  given: string | undefined,
  actions: readonly Action[],
): Action {
  const action = actions.find((each) => each === given);
  if (action !== undefined) return action;
  const known = actions.join(', ');
  if (given === undefined)
    throw new SagecfgError('usage', `sagecfg ${command} what? Expected one of ${known}`);
  const meant = didYouMean(given, actions);
  const hint = meant === undefined ? `expected one of ${known}` : `did you mean sagecfg ${command} ${meant}?`;
  throw new SagecfgError('usage', `unknown action ${JSON.stringify(given)}: ${hint}`);
}
