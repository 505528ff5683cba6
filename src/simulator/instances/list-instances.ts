import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Instances } from './instances.ts';
import type { PlatformError } from './platform-errors.ts';
import { platformErrors } from './platform-errors.ts';
import { renderInstance } from './render-instance.ts';

const largestPage = 200;

/**
 * `GET /instances`: by `tags[]` (all of them) and `searchText` (part of the name), in pages of `pageSize`. The next
 * page's token is in a header. Nothing found is a 404.
 */
export function answerList({ query }: ReceivedRequest, instances: Instances): Answer | PlatformError {
  const pageSize = Number(query.get('pageSize') ?? largestPage);
  const offset = Number(query.get('nextPage') ?? 0);
  if (!(pageSize >= 1) || !(offset >= 0))
    return platformErrors.badRequest('Invalid value for pageSize or nextPage');
  const tags = query.getAll('tags[]');
  const text = (query.get('searchText') ?? '').toLowerCase();
  const found = instances
    .list()
    .filter(
      (instance) =>
        tags.every((tag) => instance.tags.includes(tag)) && instance.name.toLowerCase().includes(text),
    );
  if (found.length === 0) return platformErrors.emptyList();
  const end = offset + Math.min(pageSize, largestPage);
  const isHydrated = query.get('hydrate') !== 'false';
  return jsonAnswer(
    200,
    found.slice(offset, end).map((instance) => renderInstance(instance, { isHydrated })),
    end < found.length ? { 'elements-next-page-token': String(end) } : {},
  );
}
