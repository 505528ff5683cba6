import type { Scenario } from '../scenario.ts';
import bursts from './bursts.ts';
import clocks from './clocks.ts';
import crash from './crash.ts';
import database from './database.ts';
import grantPoints from './grant-points.ts';
import inFlight from './in-flight.ts';
import kill from './kill.ts';
import killPoints from './kill-points.ts';
import limits from './limits.ts';
import model from './model.ts';
import moved from './moved.ts';
import poison from './poison.ts';
import receiverDown from './receiver-down.ts';
import receiverSlow from './receiver-slow.ts';
import refresh from './refresh.ts';
import secrets from './secrets.ts';
import stateFaults from './state-faults.ts';
import workers from './workers.ts';

export const scenarios: readonly Scenario[] = [
  bursts,
  clocks,
  crash,
  database,
  grantPoints,
  inFlight,
  kill,
  killPoints,
  limits,
  model,
  moved,
  poison,
  receiverDown,
  receiverSlow,
  refresh,
  secrets,
  stateFaults,
  workers,
];
