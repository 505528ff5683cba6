import type { ReferenceSources, Secret } from '../model/secret.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { ApplyPorts } from './apply-ports.ts';
import type { KeyChange } from './compare-instance.ts';
import type { DesiredInstance } from './desired-instance.ts';
import type { Plan, PlannedAction } from './plan-instances.ts';

/** Gets a grant code from the user of an instance. It lives a minute, so it is asked for at the last moment. */
export type LogIn = (desired: DesiredInstance) => Promise<Secret>;

/** Whether the platform has nothing to get access to the business with. */
export function lacksLogin({ providerData, others }: DesiredInstance): boolean {
  return providerData === undefined && others['externalAuthentication'] !== 'initial';
}

/** As if its user had logged in, to see what else is missing. */
export function assumeLogin(desired: DesiredInstance): DesiredInstance {
  return lacksLogin(desired) ? { ...desired, providerData: { code: 'of the login' } } : desired;
}

interface LoggedIn {
  readonly desired: DesiredInstance;
  readonly references: ReferenceSources;
}

/** The name under which the code is in the references of one request, and nowhere else. */
const variable = 'SAGECFG_LOGIN_CODE';

/** The instance with the code of a login, where it needs one and somebody can be asked; otherwise as it is. */
export async function withLogin(
  desired: DesiredInstance,
  { logIn, references }: Pick<ApplyPorts, 'logIn' | 'references'>,
): Promise<LoggedIn | { readonly why: string }> {
  if (logIn === undefined || !lacksLogin(desired)) return { desired, references };
  try {
    const code = (await logIn(desired)).reveal();
    return {
      // By reference, because what a browser brought must not be read for references itself.
      desired: { ...desired, providerData: { code: `\${env:${variable}}` } },
      references: { ...references, environment: { ...references.environment, [variable]: code } },
    };
  } catch (error) {
    if (error instanceof SagecfgError) return { why: error.message };
    throw error;
  }
}

/** The plan with a login anew in each of its instances, also where nothing else is to be done. */
export function planLogins(plan: Plan): Plan {
  return { ...plan, actions: plan.actions.map(withNewLogin) };
}

function withNewLogin(action: PlannedAction): PlannedAction {
  if (action.kind === 'create') return { ...action, desired: withoutLogin(action.desired) };
  if (action.kind !== 'change' && action.kind !== 'keep') return action;
  const changes = [...action.changes, loginChange];
  return { ...action, kind: 'change', desired: withoutLogin(action.desired), changes };
}

function withoutLogin({ others, ...desired }: DesiredInstance): DesiredInstance {
  const { externalAuthentication: _, ...kept } = others;
  return { ...desired, others: kept, providerData: undefined };
}

const loginChange: KeyChange = {
  key: 'providerData',
  path: [],
  kind: 'change',
  before: undefined,
  after: undefined,
  isSecret: true,
  needsLogin: true,
};
