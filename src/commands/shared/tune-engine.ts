import { setFlagsFromString } from 'node:v8';

/** V8, set for work on many texts. */
export interface TunedEngine extends Disposable {
  /** So many characters will have been read, all in all, when the next text is done. */
  readonly expect: (characters: number) => void;
}

/** Before that, V8 has neither grown nor optimised anything. */
const manyCharacters = 50_000;
/** From there on, what optimised code saves is more than what it takes to make it. */
const lastingCharacters = 4_000_000;

/**
 * Left alone, V8 spends a fourth of the processor on optimised code, which is ready when a run over a thousand files nearly
 * is over; until this is disposed of, it does so for longer runs only. Where results stay until the end (`keepsMuch`), or a
 * file is huge, it also takes each that lives for a while as a reason to double its nursery, up to 128 MB of which next to nothing is in
 * use: held at its present size, the process takes half the memory and no more time (bench/README.md).
 */
export function tuneEngine({ keepsMuch }: { readonly keepsMuch: boolean }): TunedEngine {
  let isOptimising = true;
  const optimise = (wanted: boolean): void => {
    if (isOptimising === wanted) return;
    isOptimising = wanted;
    setFlagsFromString(wanted ? '--turbofan' : '--no-turbofan');
  };
  return {
    expect: (characters) => {
      if (characters <= manyCharacters) return;
      if (keepsMuch || characters > lastingCharacters) holdNursery();
      optimise(characters > lastingCharacters);
    },
    [Symbol.dispose]: () => optimise(true),
  };
}

let isHeld = false;

function holdNursery(): void {
  if (isHeld) return;
  isHeld = true;
  setFlagsFromString('--semi-space-growth-factor=1');
  // Compiled code that is kept for the next run is good for a run with the same flags only, see load-bundle.ts.
  process.prependOnceListener('exit', () => setFlagsFromString('--semi-space-growth-factor=2'));
}
