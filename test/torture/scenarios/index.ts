import type { Scenario } from '../scenario.ts';
import bursts from './bursts.ts';
import clocks from './clocks.ts';
import crash from './crash.ts';
import database from './database.ts';
import frozen from './frozen.ts';
import grantPoints from './grant-points.ts';
import inFlight from './in-flight.ts';
import kill from './kill.ts';
import killPoints from './kill-points.ts';
import limits from './limits.ts';
import lostCommits from './lost-commits.ts';
import lostJobs from './lost-jobs.ts';
import model from './model.ts';
import moved from './moved.ts';
import poison from './poison.ts';
import receiverDown from './receiver-down.ts';
import receiverSlow from './receiver-slow.ts';
import refresh from './refresh.ts';
import restored from './restored.ts';
import secrets from './secrets.ts';
import sharedBudget from './shared-budget.ts';
import stateFaults from './state-faults.ts';
import workers from './workers.ts';

export const scenarios: readonly Scenario[] = [
  bursts,
  clocks,
  crash,
  database,
  frozen,
  grantPoints,
  inFlight,
  kill,
  killPoints,
  limits,
  lostCommits,
  lostJobs,
  model,
  moved,
  poison,
  receiverDown,
  receiverSlow,
  refresh,
  restored,
  secrets,
  sharedBudget,
  stateFaults,
  workers,
];
