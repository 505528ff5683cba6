import { didYouMean } from '../problem/did-you-mean.ts';
import { findZoneIdIgnoringCase, findZoneNames, listZoneIds } from './zone-names.ts';

/**
 * How Java came to a zone: an id of the zone database; one of the old abbreviations that stand for a region (`PST`) or
 * for a fixed offset (`EST`); `GMT+5:30`; or none of these, in which case Java silently takes GMT: a bare offset
 * (`-8:00`), an unfilled placeholder (`{TimeZone}`), nothing at all, or a name it does not know.
 */
export type ZoneKind =
  | 'region'
  | 'abbreviation'
  | 'offset'
  | 'bare-offset'
  | 'placeholder'
  | 'blank'
  | 'unknown';

/** A zone as `java.util.TimeZone.getTimeZone(name)` gives it. */
export interface Zone {
  /** As it was written. */
  readonly name: string;
  readonly kind: ZoneKind;
  /** Java's id: `GMT` for everything that Java does not know. */
  readonly javaId: string;
  /** False when Java takes GMT because it does not know the name. */
  readonly isKnown: boolean;
  /** The id that `Intl` knows; undefined for a fixed offset. */
  readonly intlId: string | undefined;
  /** Milliseconds east of UTC; undefined for a region, whose offset changes. */
  readonly fixedOffsetMs: number | undefined;
  /** What would say the same without surprise: `America/Los_Angeles` for `PST`, `GMT-08:00` for `-8:00`. */
  readonly suggestion: string | undefined;
  /** Why the name deserves a look, in a sentence; undefined when it does not. */
  readonly hint: string | undefined;
}

/** Longest name looked at. The longest id has 32 characters. */
const maximumNameLength = 100;
const cache = new Map<string, Zone>();
const cacheSize = 500;

/** The zone that Java means by a name, with what may surprise about it. Total: an unknown name is GMT, flagged. */
export function resolveZone(name: string): Zone {
  const cached = cache.get(name);
  if (cached !== undefined) return cached;
  const zone = readZone(name);
  if (name.length > maximumNameLength) return zone;
  if (cache.size >= cacheSize) cache.clear();
  cache.set(name, zone);
  return zone;
}

function readZone(name: string): Zone {
  if (name.trim() === '') return unknown(name, 'blank', undefined, 'the zone is blank: Java takes GMT');
  if (name.length > maximumNameLength)
    return unknown(name, 'unknown', undefined, 'Java knows no such zone and takes GMT');
  return readAbbreviation(name) ?? readRegion(name) ?? readOffset(name) ?? readUnknown(name);
}

const hourMs = 3_600_000;

/** The old three-letter ids that are fixed: no daylight saving, whatever the region does. */
const fixedAbbreviations: Readonly<Record<string, readonly [offsetHours: number, region: string]>> = {
  EST: [-5, 'America/New_York'],
  MST: [-7, 'America/Denver'],
  HST: [-10, 'Pacific/Honolulu'],
};

/** The other old ids of `java.util.TimeZone`. Several are not what most people take them for. */
const regionAbbreviations: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
};

/** What people mean by an abbreviation that Java gives to another place. */
const misreadAbbreviations: Readonly<Record<string, string>> = {
  ACT: 'Acre',
  AST: 'Atlantic Standard Time',
  ART: 'Argentina',
  BST: 'British Summer Time',
  CST: 'China or Cuba',
  ECT: 'Ecuador',
  IST: 'Israel or Ireland',
  NST: 'Newfoundland',
  SST: 'Samoa',
};

function readAbbreviation(name: string): Zone | undefined {
  const fixed = fixedAbbreviations[name];
  if (fixed !== undefined && Object.hasOwn(fixedAbbreviations, name)) {
    const [hours, region] = fixed;
    const hint = `Java's "${name}" is ${formatGmtOffset(hours * hourMs)} all year, without daylight saving`;
    return { ...known(name, 'abbreviation', name), fixedOffsetMs: hours * hourMs, suggestion: region, hint };
  }
  const region = Object.hasOwn(regionAbbreviations, name) ? regionAbbreviations[name] : undefined;
  if (region === undefined) return undefined;
  const other = misreadAbbreviations[name];
  const misread = other === undefined ? '' : `, not ${other}`;
  const hint = `Java's "${name}" is ${region}${misread}, with whatever daylight saving that place has`;
  return { ...known(name, 'abbreviation', name), intlId: region, suggestion: region, hint };
}

/** `Etc/GMT+5` is five hours WEST of Greenwich (POSIX signs); `Etc/GMT0` and `GMT0` have no sign. */
const etcGmt = /^(?:Etc\/)?GMT(?:0|(?<sign>[+-])(?<hours>0|[1-9]|1[0-4]))$/;
const universal = new Set([
  'GMT',
  'UTC',
  'UCT',
  'Zulu',
  'Universal',
  'Greenwich',
  'Etc/GMT',
  'Etc/UTC',
  'Etc/UCT',
  'Etc/Zulu',
  'Etc/Universal',
  'Etc/Greenwich',
  'GMT0',
  'Etc/GMT0',
]);

function readRegion(name: string): Zone | undefined {
  if (universal.has(name)) return { ...known(name, 'region', name), fixedOffsetMs: 0 };
  if (name.startsWith('Etc/')) return readEtcGmt(name);
  if (findZoneNames(name) === undefined) return undefined;
  return { ...known(name, 'region', name), intlId: name };
}

function readEtcGmt(name: string): Zone | undefined {
  const groups = etcGmt.exec(name)?.groups;
  const hours = Number(groups?.['hours']);
  const isWest = groups?.['sign'] === '+';
  if (groups === undefined || Number.isNaN(hours) || (isWest && hours > 12)) return undefined;
  const fixedOffsetMs = hours === 0 ? 0 : hours * hourMs * (isWest ? -1 : 1);
  const hint =
    hours === 0
      ? undefined
      : `"${name}" is ${formatGmtOffset(fixedOffsetMs)}: the sign of these ids is turned round`;
  return { ...known(name, 'region', name), fixedOffsetMs, hint };
}

const gmtOffset = /^GMT(?<sign>[+-])(?:(?<hours>\d{1,2})(?::(?<minutes>\d{2}))?|(?<packed>\d{3,4}))$/;

function readOffset(name: string): Zone | undefined {
  const fixedOffsetMs = readSignedOffset(gmtOffset.exec(name)?.groups);
  if (fixedOffsetMs === undefined) return undefined;
  // Java keeps the sign of GMT-0 in the id.
  const javaId = fixedOffsetMs === 0 ? `GMT${name.charAt(3)}00:00` : formatGmtOffset(fixedOffsetMs);
  return { ...known(name, 'offset', javaId), fixedOffsetMs };
}

const bareOffset =
  /^(?:UTC|UT)?(?<sign>[+-])(?:(?<hours>\d{1,2})(?::(?<minutes>\d{2}))?|(?<packed>\d{3,4}))$/;

function readUnknown(name: string): Zone {
  const offsetMs = readSignedOffset(bareOffset.exec(name)?.groups);
  if (offsetMs !== undefined) {
    const suggestion = formatGmtOffset(offsetMs);
    const hint = `Java does not know the zone "${name}" and takes GMT: the portable form is "${suggestion}"`;
    return unknown(name, 'bare-offset', suggestion, hint);
  }
  if (/^%?\{.*\}$|^<.*>$/s.test(name)) {
    return unknown(
      name,
      'placeholder',
      undefined,
      `"${name}" is a placeholder: unless it is filled in, Java takes GMT`,
    );
  }
  const suggestion = suggestZone(name);
  const hint = `Java knows no zone "${name}" and takes GMT${suggestion === undefined ? '' : `: did you mean "${suggestion}"?`}`;
  return unknown(name, 'unknown', suggestion, hint);
}

function readSignedOffset(groups: Record<string, string | undefined> | undefined): number | undefined {
  if (groups === undefined) return undefined;
  const packed = groups['packed'];
  const hours = packed === undefined ? Number(groups['hours']) : Math.trunc(Number(packed) / 100);
  const minutes = packed === undefined ? Number(groups['minutes'] ?? 0) : Number(packed) % 100;
  if (hours > 23 || minutes > 59) return undefined;
  const sign = groups['sign'] === '-' ? -1 : 1;
  return sign * (hours * hourMs + minutes * 60_000) || 0;
}

/** What people write for regions; Java has none of these as an id. */
const commonNames: Readonly<Record<string, string>> = {
  EDT: 'America/New_York',
  CDT: 'America/Chicago',
  MDT: 'America/Denver',
  PDT: 'America/Los_Angeles',
  AKST: 'America/Anchorage',
  CEST: 'Europe/Paris',
  AEST: 'Australia/Sydney',
  NZST: 'Pacific/Auckland',
  Z: 'UTC',
  UT: 'UTC',
};

function suggestZone(name: string): string | undefined {
  const trimmed = name.trim();
  const common = commonNames[trimmed.toUpperCase()];
  if (common !== undefined) return common;
  const upper = trimmed.toUpperCase();
  if (Object.hasOwn(regionAbbreviations, upper) || Object.hasOwn(fixedAbbreviations, upper)) return upper;
  const written = trimmed.replaceAll(/[ \\]/g, (sign) => (sign === ' ' ? '_' : '/'));
  return findZoneIdIgnoringCase(written) ?? zoneOfCity(written) ?? nearestZone(trimmed);
}

/** `Berlin`, `new york`: where only one zone is named after it. */
function zoneOfCity(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z_-]{3,}$/.test(name)) return undefined;
  const end = `/${name.toLowerCase()}`;
  const [zone, ...others] = [...listZoneIds()].filter((id) => id.toLowerCase().endsWith(end));
  return others.length === 0 ? zone : undefined;
}

/** Short names are too near to each other for a guess. */
function nearestZone(name: string): string | undefined {
  return name.length > 5 && name.includes('/') ? didYouMean(name, listZoneIds()) : undefined;
}

function known(name: string, kind: ZoneKind, javaId: string): Zone {
  return {
    name,
    kind,
    javaId,
    isKnown: true,
    intlId: undefined,
    fixedOffsetMs: undefined,
    suggestion: undefined,
    hint: undefined,
  };
}

function unknown(name: string, kind: ZoneKind, suggestion: string | undefined, hint: string): Zone {
  return { name, kind, javaId: 'GMT', isKnown: false, intlId: undefined, fixedOffsetMs: 0, suggestion, hint };
}

/** `GMT+05:30`, the way Java writes a fixed offset. */
export function formatGmtOffset(offsetMs: number): string {
  const minutes = Math.trunc(Math.abs(offsetMs) / 60_000);
  return `GMT${offsetMs < 0 ? '-' : '+'}${twoDigits(Math.trunc(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
