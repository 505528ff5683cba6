import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: [resolve(import.meta.dirname, 'global-setup.ts')],
    reporters: ['default', resolve(import.meta.dirname, 'closing-line.ts')],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
