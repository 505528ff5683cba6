import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoSeconds, javaDate } from '../../../src/runtime/deliver/body-dates.ts';

describe('isoSeconds', () => {
  it('writes any time to the second as the platform does, whatever was written before', () => {
    const times = fc.array(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }));
    fc.assert(
      fc.property(times, (dates) => {
        const expected = dates.map((date) => `${date.toISOString().slice(0, 19)}Z`);
        expect(dates.map((date) => isoSeconds(date.getTime()))).toEqual(expected);
      }),
    );
  });
});

describe('javaDate', () => {
  it('writes a time as Java prints it', () => {
    expect(javaDate(Date.UTC(2018, 7, 5, 15, 30, 7))).toBe('Sun Aug 05 15:30:07 UTC 2018');
  });
});
