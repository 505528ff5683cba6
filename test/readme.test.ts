import { expect, it } from 'vitest';
import { readPages } from './readme-outputs.ts';

it('shows what its commands print; where it does not: node test/readme-outputs.ts', async () => {
  for (const { text, current } of await readPages()) expect(text).toBe(current);
});

it('begins with the two commands for a fresh machine', async () => {
  const [readme] = await readPages();
  const commands = /```sh\n([^]*?)```/.exec(readme?.text ?? '')?.[1]?.match(/^npm .*?(?= +#)/gm);
  expect(commands).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
});
