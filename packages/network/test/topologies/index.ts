import { attentions } from './attention.ts';
import { chains } from './chain.ts';
import { grouped } from './grouped.ts';
import { joints } from './joints.ts';
import { normalizations } from './normalizations.ts';
import { reshapes } from './reshapes.ts';
import { residuals } from './residual.ts';
import { sharing } from './sharing.ts';
import type { Topology } from './topology.ts';

export const topologies: readonly Topology[] = [
  ...chains,
  ...residuals,
  ...joints,
  ...grouped,
  ...attentions,
  ...normalizations,
  ...reshapes,
  ...sharing,
];
