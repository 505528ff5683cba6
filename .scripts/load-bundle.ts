import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { wrap } from 'node:module';
import { dirname } from 'node:path';
import { constants, Script } from 'node:vm';

type ModuleFunction = (
  exports: unknown,
  require: NodeJS.Require,
  module: { readonly exports: unknown },
  filename: string,
  folder: string,
) => void;

/**
 * Runs a CommonJS file of the bundle and gives its exports. The machine code of earlier runs is kept beside the file,
 * since to compile it again would take longer than to check a small file.
 */
export function loadBundle(file: string): unknown {
  const cacheFile = cacheFileOf(file);
  const cached = readIfThere(cacheFile);
  const cachedData = cached?.subarray(0, -1);
  // The build has left nothing but ASCII in it, see build.ts.
  const script = new Script(wrap(readFileSync(file, 'latin1')), {
    filename: file,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const runs = script.cachedDataRejected === false ? (cached?.at(-1) ?? 0) : 0;
  // At the end, when everything that this run needed is compiled.
  if (cacheFile !== undefined && isLearning(runs))
    atExit(() => keep(cacheFile, script, Math.min(runs + 1, learningRuns)));

  const module = { exports: {} };
  const run = script.runInThisContext() as ModuleFunction; // what wrap() has made of the text
  // The require of this file will do: the bundle names packages of ours in full, and the rest are parts of Node.
  run(module.exports, require, module, file, dirname(file));
  return module.exports;
}

/**
 * A run compiles what it needs: `--help` very little, YAML not what JSON needs. So the first runs add theirs, and later
 * one in many. The last byte of the cache counts the first.
 */
const learningRuns = 3;

function isLearning(runs: number): boolean {
  return runs < learningRuns || process.pid % 32 === 0;
}

/**
 * Named after everything that makes old code wrong. V8 itself refuses what another version, or one with other flags,
 * has made. Whoever may write here may change the program as well, so the cache needs no more protection than that.
 */
function cacheFileOf(file: string): string | undefined {
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return undefined;
  const { mtimeMs, size } = statSync(file);
  const build = `${Math.round(mtimeMs).toString(36)}-${size.toString(36)}`;
  return `${file}.${build}.${process.versions.v8}-${process.arch}.cache`;
}

function readIfThere(file: string | undefined): Uint8Array | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch {
    // The first run, or a folder that is not ours: then it is compiled.
    return undefined;
  }
}

const tasks: (() => void)[] = [];

/** One listener for all files: `--help` loads every command, and Node warns of more than ten. */
function atExit(task: () => void): void {
  if (tasks.length === 0) process.once('exit', () => tasks.forEach((each) => each()));
  tasks.push(task);
}

/** Renamed into place: half a cache would crash the next run. */
function keep(file: string, script: Script, runs: number): void {
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, Buffer.concat([script.createCachedData(), Buffer.of(runs)]));
    renameSync(temporary, file);
  } catch {
    // A read-only installation is no fault: every start then takes as long as the first.
  }
}
