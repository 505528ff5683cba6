import { execFileSync } from 'node:child_process';

/** Fails plainly on an old Node, then builds the command once, so that end-to-end tests never run a stale one. */
export default function setup(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24) {
    throw new Error(
      `the tests need Node 24, this is ${process.version}: run them with 'npm test', after an 'npm ci' that was allowed to run install scripts`,
    );
  }
  execFileSync(process.execPath, ['.scripts/build.ts', '--command-only'], { stdio: 'inherit' });
}
