import { describe, expect, it } from 'vitest';
import type { PageRequest, PageResult, Source, SourcePage } from '../../src/runtime/ports/source.ts';

/** A source with a list to read, and hands on what it reads. */
export interface SourceScene extends AsyncDisposable {
  readonly source: Source;
  readonly request: Omit<PageRequest, 'cursor' | 'kind'>;
  /** Ids that a scan of changes has to show, at least. */
  readonly expectedIds: readonly string[];
  /** Ids that a scan of deletions has to show; undefined where the source has none. */
  readonly deletedIds: readonly string[] | undefined;
  /** The same source, opened anew, as after a restart. */
  readonly reopen: () => Source;
  /** Makes the next request fail in that way. */
  readonly fail: (way: FailureWay) => void;
  /** The time that the source's answers name, epoch milliseconds, give or take a second. */
  readonly serverTimeMs: () => number;
}

export type FailureWay = 'throttled' | 'overloaded' | 'forbidden' | 'cut off';

const meanings: Readonly<Record<FailureWay, string>> = {
  throttled: 'temporary',
  overloaded: 'overloaded',
  forbidden: 'lasting',
  'cut off': 'temporary',
};

/** What every source keeps to, whatever it reads from. */
export function testSourceContract(name: string, open: () => Promise<SourceScene>): void {
  describe(`a source: ${name}`, () => {
    it('refuses nothing of a sound poll', async () => {
      await using scene = await open();
      expect(scene.source.refusal(scene.request.poll)).toBeUndefined();
    });

    it('reads pages to the end, and shows every record', async () => {
      await using scene = await open();
      const pages = await readAll(scene.source, scene);
      expect(pages.length).toBeGreaterThan(1);
      expect(idsOf(pages)).toEqual(expect.arrayContaining([...scene.expectedIds]));
      expect(pages.at(-1)?.next).toBeUndefined();
      const shown = new Set(idsOf(pages)).size;
      expect(pages.at(-1)?.total ?? shown).toBe(shown);
    });

    it('goes on after a restart, by the cursor alone', async () => {
      await using scene = await open();
      const first = await readPage(scene.source, scene, undefined);
      const cursor: unknown = JSON.parse(JSON.stringify(first.next ?? ''));
      const rest = await readAll(scene.reopen(), scene, String(cursor));
      expect(idsOf([first, ...rest])).toEqual(expect.arrayContaining([...scene.expectedIds]));
    });

    it('tells the time of its answers', async () => {
      await using scene = await open();
      const { serverTimeMs } = await readPage(scene.source, scene, undefined);
      expect(Math.abs((serverTimeMs ?? 0) - scene.serverTimeMs())).toBeLessThanOrEqual(1000);
    });

    it('stops where the signal says so', async () => {
      await using scene = await open();
      const result = await scene.source.readPage(
        { ...scene.request, kind: 'changes', cursor: undefined },
        AbortSignal.abort(),
      );
      expect(result).toEqual({ kind: 'aborted' });
    });

    it.each(['throttled', 'overloaded', 'forbidden', 'cut off'] as const)(
      'says what it means to be %s',
      async (way) => {
        await using scene = await open();
        scene.fail(way);
        const result = await read(scene.source, scene, undefined);
        const message = expect.stringMatching(/^[^\n]{10,}$/);
        const failure = { kind: meanings[way], message, ...(way === 'throttled' && { retryAfterMs: 7000 }) };
        expect(result).toMatchObject({ kind: 'failed', failure });
        expect(idsOf(await readAll(scene.source, scene))).toEqual(
          expect.arrayContaining([...scene.expectedIds]),
        );
      },
    );

    it('sees deletions as it says it does', async () => {
      await using scene = await open();
      const sight = scene.source.deletionSight(scene.request.poll);
      expect(sight.kind).toBe(scene.deletedIds === undefined ? 'blind' : 'scan');
      const pages = sight.kind === 'scan' ? await readAll(scene.source, scene, undefined, 'deletions') : [];
      expect(idsOf(pages)).toEqual(expect.arrayContaining([...(scene.deletedIds ?? [])]));
      const dateField = sight.kind === 'scan' ? sight.dateField : '';
      expect(pages.flatMap(({ records }) => records).every((record) => dateField in record)).toBe(true);
    });
  });
}

async function read(
  source: Source,
  { request }: Pick<SourceScene, 'request'>,
  cursor: string | undefined,
  kind: PageRequest['kind'] = 'changes',
): Promise<PageResult> {
  return source.readPage({ ...request, kind, cursor }, new AbortController().signal);
}

async function readPage(
  source: Source,
  scene: Pick<SourceScene, 'request'>,
  cursor: string | undefined,
  kind?: PageRequest['kind'],
): Promise<SourcePage> {
  const result = await read(source, scene, cursor, kind);
  if (result.kind !== 'page') throw new Error(`no page: ${JSON.stringify(result)}`);
  return result.page;
}

async function readAll(
  source: Source,
  scene: Pick<SourceScene, 'request'>,
  from?: string,
  kind?: PageRequest['kind'],
): Promise<readonly SourcePage[]> {
  const pages: SourcePage[] = [];
  let cursor = from;
  do {
    const page = await readPage(source, scene, cursor, kind);
    pages.push(page);
    cursor = page.next;
    if (pages.length > 100) throw new Error('the pages do not end');
  } while (cursor !== undefined);
  return pages;
}

function idsOf(pages: readonly SourcePage[]): readonly string[] {
  return pages.flatMap(({ records }) => records.map(({ id }) => String(id)));
}
