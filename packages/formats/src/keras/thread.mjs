// The thread that HDF5 is read in.
import { launch } from '@espalier/launch';

await launch(new URL('./thread.ts', import.meta.url));
