/** Puts this process into another time zone for as long as it lasts. */
export function withTimeZone(zone: string): Disposable {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  return {
    [Symbol.dispose]: () => {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    },
  };
}
