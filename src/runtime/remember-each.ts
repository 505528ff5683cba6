/** The same function, which works each thing out once for as long as that lives. */
export function rememberEach<Thing extends object, Result>(
  work: (thing: Thing) => Result,
): (thing: Thing) => Result {
  const known = new WeakMap<Thing, { readonly result: Result }>();
  return (thing) => {
    const found = known.get(thing) ?? { result: work(thing) };
    known.set(thing, found);
    return found.result;
  };
}
