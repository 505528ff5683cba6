import type { ResourceRow } from './resource-row.ts';

/** Something that happens to a record and that no poll of its resource reports, or not as what it is. */
export interface BlindSpot {
  readonly to: 'changes' | 'deletions' | 'voids';
  /** One sentence. */
  readonly why: string;
}

export function blindSpotsOf(row: ResourceRow): BlindSpot[] {
  const spots = [...blindToChanges(row), ...blindToDeletions(row)];
  if (row.isVoided === true)
    spots.push({
      to: 'voids',
      why: `Sage does not delete ${quoted(row)} but voids them: a void comes as an update with status VOID.`,
    });
  return spots;
}

function blindToChanges(row: ResourceRow): BlindSpot[] {
  if (row.changes !== 'none') return [];
  const why = (row.timestamps ?? []).includes('updated_at')
    ? `Sage cannot filter ${quoted(row)} by change: every poll would read everything.`
    : `Sage's ${quoted(row)} carry no time of change and cannot be filtered by one.`;
  return [{ to: 'changes', why }];
}

function blindToDeletions(row: ResourceRow): BlindSpot[] {
  if (row.changes === 'since-and-deleted' || row.hasDeletedFlag === true || row.isSingleton === true)
    return [];
  return [
    {
      to: 'deletions',
      why: `Sage has no deleted_since for ${quoted(row)}: a deleted record is never reported.`,
    },
  ];
}

function quoted(row: ResourceRow): string {
  return `"${row.name}"`;
}
