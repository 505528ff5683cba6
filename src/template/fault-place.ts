/** What every fault of this folder has. Offsets are those of the text that was given to be read. */
export interface FaultPlace {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}
