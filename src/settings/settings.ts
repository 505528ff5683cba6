import type { IgnoredProblem } from '../lint/suppressions.ts';
import type { Severity } from '../problem/problem.ts';

/** `sagecfg.yaml`, typed. What is not set is undefined; each command has its own defaults. */
export interface Settings {
  /** The file they come from; undefined where there is none. */
  readonly path: string | undefined;
  /** Folder that globs count from. */
  readonly folder: string;
  /** Globs of the files that a command reads when none is named. */
  readonly configs: readonly string[];
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  /** Later ones win over earlier ones, and all of them over `rules`. */
  readonly overrides: readonly Override[];
  readonly ignore: readonly IgnoreEntry[];
  readonly platform: PlatformSettings;
  readonly runtime: RuntimeSettings;
}

interface Override {
  /** Globs that count from the settings' folder. */
  readonly files: readonly string[];
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
}

/** A problem that is left out, and why. */
export interface IgnoreEntry extends IgnoredProblem {
  /** Globs that count from the settings' folder; left out, every file. */
  readonly files?: readonly string[];
  readonly reason: string;
}

/** Where instances live that are not run here. The secrets are references. */
export interface PlatformSettings {
  readonly baseUrl?: string;
  readonly userSecret?: string;
  readonly organizationSecret?: string;
}

export interface RuntimeSettings {
  readonly source?: string;
  readonly store?: string;
  readonly intervalSeconds?: number;
  readonly quota?: string;
  readonly overlapSeconds?: number;
  readonly baseline?: string;
  readonly sage?: {
    readonly baseUrl?: string;
    readonly tokenUrl?: string;
    readonly authorizeUrl?: string;
    readonly revokeUrl?: string;
    readonly business?: string;
  };
  readonly hub?: { readonly baseUrl?: string };
  readonly budget?: {
    readonly appPerSecond?: number;
    readonly appInFlight?: number;
    readonly businessPerMinute?: number;
  };
  readonly callback?: {
    readonly allow?: readonly string[];
    readonly allowHttp?: boolean;
    readonly ca?: string;
    readonly certificate?: string;
    readonly key?: string;
  };
  readonly delivery?: { readonly raw?: 'own' | 'page'; readonly mostBytes?: number };
  /** References, by instance; `*` for every other. */
  readonly signature?: { readonly previousKeys?: Readonly<Record<string, string>> };
  readonly retention?: { readonly deliveredDays?: number; readonly attemptsDays?: number };
  readonly health?: { readonly port?: number; readonly host?: string };
}
