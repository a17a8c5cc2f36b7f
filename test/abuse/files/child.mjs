// The process that reads what was mutated.
import { launch } from '../../../packages/launch/src/index.mjs';

await launch(new URL('./child.ts', import.meta.url));
