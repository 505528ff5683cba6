import type { Zone } from './resolve-zone.ts';

/** Java's zone tables begin here, at 1900-01-01T00:00Z: any earlier date has the zone's present standard offset. */
const firstKnownMs = -2_208_988_800_000;

/**
 * No zone has ever changed its offset and changed it back within four days, so a window whose two ends agree has one
 * offset throughout, and any other window has exactly one change.
 */
const windowMs = 4 * 86_400_000;

interface Change {
  readonly atMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

interface Region {
  readonly readOffset: (epochMs: number) => number;
  /** The English name of the zone at an instant, which tells summer time: `GMT+1` where there is none. */
  readonly readName: (epochMs: number) => string;
  /** By window number: the offset of the whole window, or the change within it. */
  readonly windows: Map<number, number | Change>;
  standardMs: number | undefined;
}

const regions = new Map<string, Region>();
const regionLimit = 700;
const windowLimit = 5000;

/** The offset of a zone at an instant, in milliseconds east of UTC, as Java has it. */
export function offsetAt(zone: Zone, epochMs: number): number {
  if (zone.fixedOffsetMs !== undefined) return zone.fixedOffsetMs;
  return regionOffsetAt(openRegion(zone), toKnownYears(epochMs));
}

/**
 * The offset that Java takes for a wall clock time (milliseconds since 1970-01-01T00:00 on that clock). A time that the
 * clocks skipped is read with the offset before the change, one that they showed twice is the second.
 */
export function offsetAtWall(zone: Zone, givenWallMs: number): number {
  if (zone.fixedOffsetMs !== undefined) return zone.fixedOffsetMs;
  const region = openRegion(zone);
  const wallMs = toKnownYears(givenWallMs);
  const early = regionOffsetAt(region, wallMs - 86_400_000);
  const late = regionOffsetAt(region, wallMs + 86_400_000);
  if (early === late) return early;
  const change = findChange(region, wallMs - 86_400_000, wallMs + 86_400_000);
  return wallMs >= change.atMs + change.afterMs ? change.afterMs : change.beforeMs;
}

/** How far the zone's clocks go forward in summer by today's rules: 0 where they do not. Morocco's are 0 in Java. */
export function daylightSaving(zone: Zone): number {
  if (
    zone.fixedOffsetMs !== undefined ||
    zone.javaId === 'Africa/Casablanca' ||
    zone.javaId === 'Africa/El_Aaiun'
  )
    return 0;
  const region = openRegion(zone);
  const offsets = monthlyOffsets(region, ruleYear);
  return Math.max(...offsets) - Math.min(...offsets);
}

/** How much of the offset at an instant is daylight saving: 0 in winter, and where there is none. */
export function daylightAt(zone: Zone, epochMs: number): number {
  if (zone.fixedOffsetMs !== undefined || epochMs < firstKnownMs) return 0;
  const region = openRegion(zone);
  const instantMs = toKnownYears(epochMs);
  // By Irish law winter is the exception, but Java counts everything ahead of GMT as summer time, 1968 to 1971 too.
  if (irishIds.has(zone.javaId)) return Math.max(0, regionOffsetAt(region, instantMs));
  const name = region.readName(instantMs);
  if (/Greenwich Mean|Standard/.test(name)) return 0;
  const saving = Math.max(0, regionOffsetAt(region, instantMs) - standardAround(region, instantMs));
  // Summer time that lasted all year, as in some wars, has no winter to be measured by.
  return saving === 0 && /Daylight|Summer/.test(name) ? 3_600_000 : saving;
}

const monthMs = 30 * 86_400_000;
const afterWarsMs = Date.UTC(1950, 0);

/**
 * Summer time comes and goes within eight months, and in the world wars within four years: what has no lower offset
 * both before and behind it is standard.
 */
function standardAround(region: Region, epochMs: number): number {
  const months = epochMs < afterWarsMs ? 48 : 8;
  return Math.max(
    lowestOffset(region, epochMs, -monthMs, months),
    lowestOffset(region, epochMs, monthMs, months),
  );
}

function lowestOffset(region: Region, epochMs: number, stepMs: number, steps: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let step = 1; step <= steps; step += 1) {
    lowest = Math.min(lowest, regionOffsetAt(region, epochMs + step * stepMs));
  }
  return lowest;
}

const irishIds = new Set(['Europe/Dublin', 'Eire']);

const farFutureMs = Date.UTC(3000, 0);
const calendarCycleMs = 146_097 * 86_400_000;

/** The rules repeat with the calendar, every 400 years; `Intl` ends with the year 275760, and Java does not. */
function toKnownYears(epochMs: number): number {
  return epochMs < farFutureMs ? epochMs : farFutureMs + ((epochMs - farFutureMs) % calendarCycleMs);
}

function regionOffsetAt(region: Region, epochMs: number): number {
  if (epochMs < firstKnownMs) return regionStandardOffset(region);
  const number = Math.floor(epochMs / windowMs);
  const found = region.windows.get(number) ?? readWindow(region, number);
  if (typeof found === 'number') return found;
  return epochMs >= found.atMs ? found.afterMs : found.beforeMs;
}

function readWindow(region: Region, number: number): number | Change {
  const start = number * windowMs;
  const before = region.readOffset(start);
  const found =
    before === region.readOffset(start + windowMs - 1) ? before : bisect(region, start, start + windowMs - 1);
  if (region.windows.size >= windowLimit) region.windows.clear();
  region.windows.set(number, found);
  return found;
}

/** The one change between two instants whose offsets differ. */
function bisect(region: Region, startMs: number, endMs: number): Change {
  const beforeMs = region.readOffset(startMs);
  let low = Math.floor(startMs / 1000);
  let high = Math.ceil(endMs / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (region.readOffset(middle * 1000) === beforeMs) low = middle;
    else high = middle;
  }
  return { atMs: high * 1000, beforeMs, afterMs: region.readOffset(high * 1000) };
}

function findChange(region: Region, startMs: number, endMs: number): Change {
  if (startMs >= firstKnownMs) return bisect(region, startMs, endMs);
  const beforeMs = regionStandardOffset(region);
  const afterMs = region.readOffset(firstKnownMs);
  // The clocks of the tables start at 1900, and the zone may have changed again on the same day.
  return afterMs === beforeMs
    ? bisect(region, firstKnownMs, endMs)
    : { atMs: firstKnownMs, beforeMs, afterMs };
}

/** A year far enough ahead that every announced change of the rules is behind it. */
const ruleYear = 2037;

function regionStandardOffset(region: Region): number {
  region.standardMs ??= Math.min(...monthlyOffsets(region, ruleYear));
  return region.standardMs;
}

function monthlyOffsets(region: Region, year: number): readonly number[] {
  return Array.from({ length: 12 }, (_, month) => region.readOffset(Date.UTC(year, month, 15)));
}

function openRegion(zone: Zone): Region {
  const id = zone.intlId ?? 'UTC';
  const opened = regions.get(id);
  if (opened !== undefined) return opened;
  if (regions.size >= regionLimit) regions.clear();
  const region: Region = {
    readOffset: createOffsetReader(id),
    readName: createNameReader(id),
    windows: new Map(),
    standardMs: undefined,
  };
  regions.set(id, region);
  return region;
}

function createOffsetReader(id: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: id,
    timeZoneName: 'longOffset',
    year: 'numeric',
  });
  return (epochMs) => readLongOffset(format.format(epochMs));
}

function createNameReader(id: string): (epochMs: number) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (epochMs) => {
    format ??= new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'long', year: 'numeric' });
    return format.format(epochMs);
  };
}

const longOffset = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** `2026, GMT-04:56:02` → milliseconds east of UTC. */
function readLongOffset(text: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = longOffset.exec(text) ?? [];
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -offset : offset;
}
