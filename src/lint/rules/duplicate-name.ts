import { dirname } from 'node:path/posix';
import type { Load } from '../poll-load.ts';
import type { FileOf, Rule, RunReport } from '../rule.ts';

export default {
  id: 'duplicate-name',
  severity: 'warning',
  summary: 'two instances of one folder with the same name',
  why: '`sagecfg run` knows a tenant by the name of its instance: where it was polled up to, its tokens and its events are kept under it, so it refuses two of one name. On the platform, two of one name cannot be told apart, and `sagecfg apply` keeps the id of neither. A copied file whose name was forgotten is the usual reason. Files of different folders, such as staging and production, may share names.',
  examples: [
    {
      bad: instances('acme', 'acme'),
      says: ['another instance is called "acme", too: expected a name of its own'],
      good: instances('acme', 'beta'),
    },
  ],
  *checkRun(loads, fileOf) {
    const named = loads.filter(({ name }) => name !== undefined);
    for (const group of Map.groupBy(named, (load) => identityOf(load, fileOf)).values())
      if (group.length > 1) yield* reportAll(group, fileOf);
  },
} satisfies Rule;

function instances(...names: readonly string[]): string {
  return names
    .map(
      (name) =>
        `- name: ${name}\n  element: {key: sageone}\n  configuration:\n    event.poller.configuration:\n      customers: {url: /hubs/finance/customers}\n`,
    )
    .join('');
}

function identityOf(load: Load, fileOf: FileOf): string {
  return JSON.stringify([dirname(fileOf(load) ?? ''), load.name?.value]);
}

function* reportAll([first, ...others]: readonly Load[], fileOf: FileOf): Iterable<RunReport> {
  const file = first && fileOf(first);
  for (const load of others) {
    if (load.name === undefined) continue;
    const where = file === undefined || file === fileOf(load) ? '' : ` in ${JSON.stringify(file)}`;
    yield {
      load,
      leaf: load.name,
      message: `another instance${where} is called ${JSON.stringify(load.name.value)}, too: expected a name of its own`,
      help: 'sagecfg run keeps the state of a tenant under its name, and refuses two of one name.',
    };
  }
}
