// The process that searches structures.
import { launch } from '@espalier/launch';

await launch(new URL('./child.ts', import.meta.url));
