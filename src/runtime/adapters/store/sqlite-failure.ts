import { isFolder } from '../../../input/make-folder.ts';
import type { RequestMemory } from '../../../sage/request-budget.ts';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { Store } from '../../ports/store.ts';

/** What is wrong with the machine or the file, by SQLite's primary result code, and what to do about it. */
const explanations: Readonly<Record<number, string>> = {
  3: 'cannot be opened: permission denied',
  5: 'is locked by another program; close that one',
  6: 'is locked by another program; close that one',
  8: 'is read-only: let this user write it, and the folder it is in',
  10: 'cannot be read or written: the disk is full or broken; nothing is lost, start again when that is mended',
  11: 'is damaged: put a copy in its place, or start with another file; it was left as it is',
  13: 'cannot grow: the disk is full; nothing is lost, make room and start again',
  14: 'cannot be opened: look whether this user may read and write it, and the folder it is in',
  26: 'is no state of sagecfg, or damaged: put a copy in its place, or name another file; it was left as it is',
};

/** The error in words, where SQLite only has a code; any other as it is. */
export function explainFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return error;
  const explanation = isFolder(file) ? 'is a folder: name a file in it' : explanations[error.errcode & 0xff];
  if (explanation === undefined) return error;
  return new SagecfgError('state', `state file '${file}' ${explanation}`, { cause: error });
}

/** The same store, with its failures in words. */
export function explainFailures(store: Store, file: string): Store {
  return {
    ...store,
    polls: explainEach(store.polls, file),
    outbox: explainEach(store.outbox, file),
    grants: explainEach(store.grants, file),
    endpoints: explainEach(store.endpoints, file),
    instances: explainEach(store.instances, file),
  };
}

type Method = (...parameters: never[]) => Promise<unknown>;

function explainEach<Methods extends object>(methods: Methods, file: string): Methods {
  const explained = Object.entries(methods).map(([name, method]: [string, Method]) => [
    name,
    async (...parameters: never[]): Promise<unknown> => {
      try {
        return await method(...parameters);
      } catch (error) {
        throw explainFailure(error, file);
      }
    },
  ]);
  return Object.fromEntries(explained) as Methods; // the same names, each with its method's parameters and result
}

export function explainMemory({ recall, reserve }: RequestMemory, file: string): RequestMemory {
  const explained = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw explainFailure(error, file);
    }
  };
  return {
    recall: (whose) => explained(() => recall(whose)),
    reserve: (reservation, forgetBeforeMs) => explained(() => reserve(reservation, forgetBeforeMs)),
  };
}
