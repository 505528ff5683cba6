import { setFlagsFromString } from 'node:v8';

/**
 * For work on much text, whose results stay until the end: V8 takes every result that lives for a while as a reason to
 * double its nursery, up to 128 MB of which next to nothing is in use. Held at its present size, a run over a thousand
 * files takes half the memory and no more time (bench/README.md). May be called again.
 */
export function keepMemoryLow(): void {
  if (isLow) return;
  isLow = true;
  setFlagsFromString('--semi-space-growth-factor=1');
  // Compiled code that is kept for the next run is good for a run with the same flags only.
  process.prependOnceListener('exit', () => setFlagsFromString('--semi-space-growth-factor=2'));
}

let isLow = false;
