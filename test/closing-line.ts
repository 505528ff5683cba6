import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with the line that every continuous integration reads: `12 passed, 0 failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    const brokenModules = modules.filter(
      (module) => module.state() === 'failed' && module.errors().length > 0,
    );
    const skipped = count('skipped') === 0 ? '' : `, ${count('skipped')} skipped`;
    const line = `${count('passed')} passed, ${count('failed') + brokenModules.length} failed${skipped}`;
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}
