/** Works on all items, so many at once, and gives the results in the order of the items. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const pending = items.entries();
  const runOne = async (): Promise<void> => {
    for (const [index, item] of pending) results.set(index, await work(item, index));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, runOne));
  return items.flatMap((_item, index) => (results.has(index) ? [results.get(index) as Result] : [])); // just asked
}
