// The process that computes.
import { launch } from '@espalier/launch';

await launch(new URL('./child.ts', import.meta.url));
