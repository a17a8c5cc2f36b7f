// A test's worker starts as a program does: compiled where it is, which takes half the processor's time.
import { launch } from '@espalier/launch';

await launch(new URL('./worker-process.ts', import.meta.url));
