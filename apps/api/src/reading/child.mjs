// The process that reads what was uploaded.
import { launch } from '@espalier/launch';

await launch(new URL('./child.ts', import.meta.url));
