import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crashPoints, parseCrashPoint } from '../../src/runtime/crash-points.ts';

const folder = resolve(import.meta.dirname, '../../src/runtime');
const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('crash-points.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

describe('crash points', () => {
  it.each(Object.keys(crashPoints))('has a place for %s', (point) => {
    expect(source).toContain(`'${point}'`);
  });

  it('never crashes unless told to', () => {
    const crash = parseCrashPoint(undefined);
    expect(() => crash('poll-before-commit')).not.toThrow();
  });

  it.each(['nowhere', 'poll-before-commit:0', 'poll-before-commit:x', 'toString'])('refuses %s', (text) => {
    expect(() => parseCrashPoint(text)).toThrow('expected NAME or NAME:COUNT');
  });
});
