import { expect, test } from 'vitest';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import { openSession } from '../sage-session.ts';

const clock = createManualClock();
const tenants = [{ name: 'north', user: 'alex' }, { name: 'south', user: 'alex' }, { name: 'east' }];

test('X-Business chooses among what the user sees, is echoed, and defaults to the lead', async () => {
  await using simulator = await startSimulator({ clock, tenants, initialObjects: 1 });
  const [north, south, east] = simulator.tenants;
  const { get } = await openSession(simulator, 'south');
  const products = async (business?: string): Promise<[number, string | null]> => {
    const answer = await get('/products', business === undefined ? {} : { 'X-Business': business });
    return [answer.status, answer.headers.get('x-business')];
  };
  expect(await products()).toEqual([200, north?.businessId]);
  expect(await products(south?.businessId)).toEqual([200, south?.businessId]);
  expect(await products(east?.businessId)).toEqual([403, null]);
  simulator.businesses.setLead('south');
  expect(await products()).toEqual([200, south?.businessId]);
  expect(() => simulator.businesses.setLead('west')).toThrow('unknown tenant "west"');
});

test('each business has data of its own', async () => {
  await using simulator = await startSimulator({ clock, tenants, initialObjects: 2 });
  const lists = await Promise.all(
    ['north', 'east'].map(async (name) => {
      const session = await openSession(simulator, name);
      return (await session.list('/contacts?items_per_page=200')).$items.map(({ id }) => id);
    }),
  );
  expect(lists.map((ids) => ids.length)).toEqual([4, 4]);
  expect(new Set(lists.flat()).size).toBe(8);
});

test('/businesses has its own envelope, and neither it nor /user echoes a business', async () => {
  await using simulator = await startSimulator({ clock, tenants, initialObjects: 0 });
  const [north, south] = simulator.tenants;
  const { get } = await openSession(simulator, 'north');
  const list = await get('/businesses');
  expect(list.body).toEqual({
    $total: 2,
    $page: 1,
    $next: null,
    $back: null,
    $items_per_page: 2_147_483_647,
    $items: [north, south].map((tenant) => ({
      id: tenant?.businessId,
      displayed_as: tenant?.name,
      $path: `/businesses/${tenant?.businessId}`,
    })),
  });
  const user = await get('/user');
  expect(user.body).toMatchObject({ displayed_as: 'alex' });
  expect([list, user].map(({ headers }) => headers.get('x-business'))).toEqual([null, null]);
  expect((await get('/businesses/lead')).body).toMatchObject({ id: north?.businessId });
  expect((await get(`/businesses/${south?.businessId}`)).body).toMatchObject({ name: 'south' });
  expect((await get('/businesses/none')).status).toBe(404);
});
