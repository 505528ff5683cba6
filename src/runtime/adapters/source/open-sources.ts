import { resolveReferences, Secret } from '../../../model/secret.ts';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { Clock } from '../../../sage/clock.ts';
import type { HttpClient } from '../../../sage/http.ts';
import type { RequestBudget } from '../../../sage/request-budget.ts';
import { checkAddress } from '../../check-address.ts';
import type { Crash } from '../../crash-points.ts';
import { findElementToken } from '../../find-element-token.ts';
import type { InstancePlan } from '../../poll-plan.ts';
import type { Source } from '../../ports/source.ts';
import type { GrantStore } from '../../ports/grant-store.ts';
import type { RegistrationStore } from '../../ports/registration-store.ts';
import type { RuntimeOptions } from '../../runtime.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import { openHubSource } from './hub.ts';
import { openRecordedSource } from './recorded.ts';
import { recordSource } from './recording.ts';
import { openLegacySource } from './sage-legacy.ts';
import { openSageSource } from './sage.ts';

/** What the sources of all instances share. */
export type SourcesOptions = Pick<
  RuntimeOptions,
  'source' | 'sage' | 'hub' | 'recordings' | 'record' | 'references' | 'report'
> & {
  readonly grants: GrantStore;
  readonly registrations: RegistrationStore;
  readonly cipher: TokenCipher;
  readonly httpOf: (plan: InstancePlan) => HttpClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly crash: Crash;
};

/** The one place that chooses an instance's kind of source. Throws `SagecfgError` for what that kind lacks. */
export function openSources(options: SourcesOptions): (plan: InstancePlan) => Source {
  const open = openByKind(options);
  const { record } = options;
  return record === undefined ? open : (plan) => recordSource(open(plan), record);
}

function openByKind(options: SourcesOptions): (plan: InstancePlan) => Source {
  const { source, sage, recordings } = options;
  switch (source) {
    case 'hub':
      return openHub(options);
    case 'recorded': {
      if (recordings === undefined) throw new SagecfgError('usage', 'source recorded needs a folder');
      const shared = openRecordedSource(recordings);
      return () => shared;
    }
    case 'sage-legacy': {
      const baseUrl = checkedOrNone(sage.legacy?.baseUrl, 'runtime.sage.baseUrl');
      const tokenUrl = checkedOrNone(sage.legacy?.tokenUrl, 'runtime.sage.tokenUrl');
      return (plan) => openLegacySource(plan, { ...options, http: options.httpOf(plan), baseUrl, tokenUrl });
    }
    case 'sage':
    case 'simulator': {
      const baseUrl = checkAddress(sage.baseUrl, 'runtime.sage.baseUrl');
      const tokenUrl = checkAddress(sage.tokenUrl, 'runtime.sage.tokenUrl');
      return (plan) => openSageSource(plan, { ...options, http: options.httpOf(plan), baseUrl, tokenUrl });
    }
    default:
      return source satisfies never;
  }
}

function openHub({ hub, references, ...options }: SourcesOptions): (plan: InstancePlan) => Source {
  if (hub === undefined) {
    throw new SagecfgError(
      'usage',
      'source hub needs an address: --hub-base-url, such as https://api.cloud-elements.com/elements/api-v2',
    );
  }
  const baseUrl = checkAddress(hub.baseUrl, 'runtime.hub.baseUrl');
  const user = new Secret(resolveReferences(hub.userSecret, references));
  const organization = new Secret(resolveReferences(hub.organizationSecret, references));
  return (plan) => {
    const element = (): Promise<Secret | undefined> => findElementToken(plan, options.registrations);
    const http = options.httpOf(plan);
    return openHubSource(plan, { ...options, http, baseUrl, secrets: { user, organization, element } });
  };
}

function checkedOrNone(address: string | undefined, setting: string): string | undefined {
  return address === undefined ? undefined : checkAddress(address, setting);
}
