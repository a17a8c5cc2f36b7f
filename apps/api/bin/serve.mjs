#!/usr/bin/env node
// The platform's server as one process.
import { launch } from '@espalier/launch';

await launch(new URL('../src/main.ts', import.meta.url));
