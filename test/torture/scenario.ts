/** One way to torture a run: everything that happens in it follows from the seed, but for the moments that the machine chooses. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** Seeds of the long form, from 1; the tests take the first few. */
  readonly runs: number;
  readonly shortRuns: number;
  readonly run: (seed: number) => Promise<ScenarioRun>;
}

export interface ScenarioRun {
  /** Where the promise was broken, a sentence each; empty when it held. */
  readonly broken: readonly string[];
  /** What was counted or measured; the unit is in the name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Names what is not as it must be: `expectations` are name, value and the most that it may be. */
export function exceeding(expectations: Readonly<Record<string, readonly [number, number]>>): string[] {
  return Object.entries(expectations).flatMap(([name, [value, most]]) =>
    value <= most ? [] : [`${name} is ${value}, expected at most ${most}`],
  );
}
