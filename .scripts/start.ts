#!/usr/bin/env node
// Begins the bundled command. The build puts a check of Node's version before all of this, see build.ts.
import { join } from 'node:path';
import { loadBundle } from './load-bundle.ts';

// `src/bin.ts`, as an earlier run has compiled it.
loadBundle(join(import.meta.dirname, 'main.cjs'));
