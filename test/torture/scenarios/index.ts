import type { Scenario } from '../scenario.ts';
import bursts from './bursts.ts';
import clocks from './clocks.ts';
import inFlight from './in-flight.ts';
import limits from './limits.ts';
import refresh from './refresh.ts';

export const scenarios: readonly Scenario[] = [bursts, clocks, inFlight, limits, refresh];
