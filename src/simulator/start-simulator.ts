import { SagecfgError } from '../problem/sagecfg-error.ts';
import { listAssumptions } from './assumptions.ts';
import { receiveCallback } from './callback/receive-callback.ts';
import type { SimulatorParts } from './create-parts.ts';
import { createParts } from './create-parts.ts';
import { controlPrefix, handleControl } from './control/handle-control.ts';
import { handleSageRequest } from './http/handle-sage-request.ts';
import { serveLoopback } from './http/serve-loopback.ts';
import { renderInstanceFile } from './instance-file.ts';
import type { Instances } from './instances/instances.ts';
import { platformPrefix } from './instances/instances-endpoint.ts';
import type { PlatformInstance } from './instances/platform-instance.ts';
import { legacyPrefix } from './legacy/legacy-endpoint.ts';
import { createReport } from './report.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';
import type { Tenant } from './tenant.ts';

/** Starts a local Sage and a callback receiver on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const parts = createParts(options);
  const { clock, faults, ledger, tenants } = parts;
  const closing = parts.closing.signal;
  const callback = await serveLoopback({
    port: options.callbackPort ?? 0,
    handle: (request) => receiveCallback(request, { clock, tenants, faults, ledger, closing }),
  });
  const sageSide = { ...parts, closing, maxInFlight: options.maxInFlight ?? 150 };
  const sage = await serveLoopback({
    port: options.port ?? 0,
    handle: async (request) =>
      `${request.path}/`.startsWith(`${controlPrefix}/`)
        ? await handleControl(request, { simulator })
        : await handleSageRequest(request, sageSide),
  }).catch(async (error: unknown) => {
    await callback.close();
    throw error;
  });
  const simulator = assemble(parts, sage.origin, callback.origin, async () => {
    parts.closing.abort();
    await parts.changes.stop();
    await Promise.all([sage.close(), callback.close()]);
  });
  const { changesPerSecond = 0, total = Infinity } = options;
  if (changesPerSecond > 0) parts.changes.start({ changesPerSecond, total });
  return simulator;
}

function assemble(
  parts: SimulatorParts,
  sageOrigin: string,
  callbackOrigin: string,
  close: () => Promise<void>,
): Simulator {
  const {
    clock,
    world,
    changes,
    tenants,
    faults,
    traffic,
    businesses,
    ledger,
    choices,
    polled,
    closing,
    instances,
  } = parts;
  const callbackUrl = (tenant: string): string => `${callbackOrigin}/callback/${encodeURIComponent(tenant)}`;
  return {
    sageUrl: `${sageOrigin}/v3.1`,
    tokenUrl: `${sageOrigin}/token`,
    authorizeUrl: `${sageOrigin}/oauth2/auth/central`,
    revokeUrl: `${sageOrigin}/revoke`,
    legacyUrl: `${sageOrigin}${legacyPrefix}`,
    legacyTokenUrl: `${sageOrigin}/oauth2/token`,
    controlUrl: `${sageOrigin}${controlPrefix}`,
    platformUrl: `${sageOrigin}${platformPrefix}`,
    tenants,
    choices,
    assumptions: listAssumptions(choices),
    faultedEndpoints: [...parts.endpoints.map(({ name }) => name), 'callback'],
    truth: world.truth,
    ledger,
    world,
    changes,
    faults,
    traffic,
    businesses,
    instances,
    callbackUrl,
    instanceFile: (name, mode = 'sage') => {
      const tenant = tenantNamed(name, tenants);
      const elementToken = mode === 'hub' ? platformInstanceOf(tenant, instances).token : undefined;
      const options = { mode, elementToken, callbackUrl: callbackUrl(name), resources: polled };
      return renderInstanceFile(tenant, options);
    },
    quiesce: async () => {
      await changes.stop();
      await clock.wait(Math.max(0, world.settledAtMs() - clock.nowMs()), closing.signal);
    },
    report: () => createReport(parts),
    [Symbol.asyncDispose]: close,
  };
}

/** The tenant's instance on the platform; made where there is none yet. */
function platformInstanceOf(tenant: Tenant, instances: Instances): PlatformInstance {
  const known = instances.list().find((instance) => instance.tenant === tenant);
  const made = { elementKey: 'sageone', name: tenant.name, tenant, configuration: {} };
  return known ?? instances.add(made);
}

function tenantNamed(name: string, tenants: readonly Tenant[]): Tenant {
  const tenant = tenants.find((each) => each.name === name);
  if (tenant !== undefined) return tenant;
  throw new SagecfgError(
    'usage',
    `unknown tenant "${name}": expected one of ${tenants.map((each) => each.name).join(', ')}`,
  );
}
