import type { Network } from '@espalier/network';
import type { TracedNetwork } from '../decode.ts';
import type { Extents } from './extents.ts';
import type { PatchedFile } from './patched-file.ts';

/** A file that is changed in place, what was read of it, and the network that it is to hold. */
export interface Patch {
  readonly file: PatchedFile;
  readonly read: TracedNetwork;
  readonly network: Network;
  readonly extents: Extents;
}
