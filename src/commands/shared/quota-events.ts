import {
  arithmetic,
  pollLoads,
  requestsADay,
  requestsADayOfAnApp,
  requestsAMinute,
  requestsAMinuteOfABusiness,
} from '../../lint/poll-load.ts';
import type { Load } from '../../lint/poll-load.ts';
import type { Instance } from '../../model/model.ts';
import { instanceIdOf } from '../../runtime/instance-configuration.ts';
import type { RuntimeEvent } from '../../runtime/report.ts';

/** What the instances ask of Sage at least, app by app, beside what Sage gives. */
export function quotaEvents(
  instances: readonly Instance[],
  { intervalMs }: { readonly intervalMs?: number | undefined },
): readonly Extract<RuntimeEvent, { readonly kind: 'quota' }>[] {
  const loads = pollLoads(instances, { minutes: intervalMs === undefined ? undefined : intervalMs / 60_000 });
  return [...Map.groupBy(loads, ({ app }) => app).values()].map((ofApp) => {
    const businesses = [...Map.groupBy(ofApp, ({ business }) => business).values()];
    const busiest = businesses.reduce((most, each) => (loadOf(each) > loadOf(most) ? each : most), []);
    return {
      kind: 'quota',
      instances: ofApp.length,
      requestsADay: Math.ceil(requestsADay(ofApp)),
      allowedADay: requestsADayOfAnApp,
      arithmetic: arithmetic(ofApp),
      busiest: {
        instance: busiest.map(({ instance }) => instanceIdOf(instance))[0] ?? '',
        requestsAMinute: loadOf(busiest),
        allowedAMinute: requestsAMinuteOfABusiness,
      },
    };
  });
}

/** To a tenth: it is an estimate. */
function loadOf(loads: readonly Load[]): number {
  return Math.round(requestsAMinute(loads) * 10) / 10;
}
