import { compareLedger } from './check/compare-ledger.ts';
import type { SimulatorReport } from './simulator.ts';
import type { SimulatorParts } from './create-parts.ts';
import { namesThatSee } from './world/resource.ts';
import type { TruthEntry } from './world/truth-entry.ts';

export function createReport(parts: SimulatorParts): SimulatorReport {
  const { world, ledger, polled, journal, traffic, grants, clientAuthentication } = parts;
  return {
    comparison: compareLedger(world.truth, ledger, {
      resources: polled,
      namesOf: ({ resource }) => namesThatSee(world.resourceOf(resource), resource),
      isBaseline: (entry, name) => isBaseline(entry, name, parts),
      isUntold: ({ tenant, seenIn }, name) =>
        seenIn === 'nowhere' || (seenIn === 'deletions' && journal.isBlindToDeletions(tenant, name)),
      wasServed: (sequence) => journal.wasServed(sequence),
    }),
    deliveries: ledger.length,
    events: ledger.reduce((sum, { events }) => sum + events.length, 0),
    traffic: traffic.report(),
    grantRefusals: grants.refusals,
    clientAuthentication: { ...clientAuthentication },
    settledAtMs: world.settledAtMs(),
  };
}

/** Before its feed was read for the first time nobody has promised to deliver anything. */
function isBaseline(entry: TruthEntry, name: string, { journal, initialEntries }: SimulatorParts): boolean {
  if (entry.sequence <= initialEntries) return true;
  const feed = entry.seenIn === 'deletions' ? 'deletions' : 'changes';
  const firstReadMs = journal.firstReadMs(entry.tenant, name, feed);
  return firstReadMs !== undefined && entry.changedAtMs < firstReadMs;
}
