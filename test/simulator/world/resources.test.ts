import { describe, expect, it } from 'vitest';
import { listResources } from '../../../src/catalog/sage-resource.ts';
import { hasDeletionFilter } from '../../../src/simulator/world/resource.ts';
import { resourceNames, resources } from '../../../src/simulator/world/resources/index.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import { openSession } from '../sage-session.ts';

/** Not in Sage's specification of the books: the simulator has them elsewhere. */
const account = ['companies', 'me'];

// The simulator has a table of its own, so that it can prove the catalog wrong; here the two are compared.
describe('the resources of the simulator', () => {
  it('are those of the catalog, under the same names', () => {
    const known = listResources().map(({ name }) => name);
    expect(resourceNames.toSorted()).toEqual(known.filter((name) => !account.includes(name)).toSorted());
  });

  it.each(listResources().filter(({ name }) => !account.includes(name)))(
    '$name has the path, filters and order that the catalog says',
    (said) => {
      const own = resources.find(({ names, whole }) => names.includes(said.name) || whole === said.name);
      if (own === undefined) throw new Error(`no ${said.name}`);
      expect({
        path: `/${own.path}`,
        hasChangeFilter: own.hasChangeFilter,
        hasDeletionFilter: hasDeletionFilter(own),
        hasDeletedFlag: own.removal === 'flag',
        isVoided: own.removal === 'void',
        sort: own.sort,
        isSingleton: own.isSingleton ?? false,
        unknown: said.filters.filter(
          (name) => !Object.hasOwn(own.filters, name) && !own.inertParameters.includes(name),
        ),
      }).toEqual({
        path: said.endpoint,
        hasChangeFilter: said.changeFilter !== undefined,
        hasDeletionFilter: said.deletionFilter !== undefined,
        hasDeletedFlag: said.deletedFlag !== undefined,
        isVoided: said.isVoided,
        sort: said.sortable,
        isSingleton: said.isSingleton,
        unknown: [],
      });
    },
  );

  it('answer each list with the times that the catalog says, and each setting as one record', async () => {
    await using simulator = await startSimulator({
      clock: createManualClock(),
      isFull: true,
      initialObjects: 3,
    });
    const { get, list } = await openSession(simulator);
    const timesOf = (record: unknown): readonly string[] =>
      ['created_at', 'updated_at', 'deleted_at', 'deleted'].filter(
        (name) => typeof record === 'object' && record !== null && name in record,
      );
    for (const { name, endpoint, isSingleton, ...said } of listResources()) {
      if (account.includes(name)) continue;
      const record = isSingleton
        ? (await get(endpoint)).body
        : (await list(`${endpoint}?attributes=all`)).$items[0];
      const expected = [said.createdField, said.updatedField, said.deletedField, said.deletedFlag];
      expect([name, timesOf(record)]).toEqual([name, expected.filter((field) => field !== undefined)]);
    }
  });
});

describe('a random change', () => {
  it.each(resources.filter(({ fixedIds }) => fixedIds === undefined).flatMap(({ names }) => names))(
    'of %s is what Sage lets happen to it',
    async (name) => {
      const clock = createManualClock();
      await using simulator = await startSimulator({ clock, initialObjects: 4, polled: [name] });
      for (let second = 0; second < 60; second += 1) {
        await clock.advance(1000);
        simulator.changes.make(1);
      }
      const { canEdit, removal } = simulator.world.resourceOf(name);
      const made = new Set(simulator.truth.slice(-60).map(({ type, seenIn }) => `${type} in ${seenIn}`));
      const deletions = { delete: 'deletions', flag: 'changes', vanish: 'nowhere' } as const;
      expect([...made].toSorted()).toEqual(
        [
          'CREATED in changes',
          ...(removal === 'never' || removal === 'void' ? [] : [`DELETED in ${deletions[removal]}`]),
          ...(canEdit ? ['UPDATED in changes'] : []),
        ].toSorted(),
      );
    },
  );
});
