import { fileURLToPath } from 'node:url';
import { DEFAULT_GRID, parseGrid } from '@espalier/pruning';

/** Ships with the repository; found from wherever the command is called. */
export const MODEL_FILE = fileURLToPath(new URL('../../../../models/resnet20-cifar10.onnx', import.meta.url));
export const DATASET = 'cifar10';
export const CRITERION = 'l1';
export const GRID = parseGrid(DEFAULT_GRID);
/** Images of the search split. */
export const SAMPLES = 1000;
/** Training images by which the layers behind the cut are repaired. */
export const REPAIR_IMAGES = 1000;
/** Steps that the outlined network is trained for: half a minute, to show where it leads. */
export const FINETUNING_STEPS = 150;
/** A repaired network is near its best: the usual rate would undo the repair first. */
export const FINETUNING_RATE = 0.01;
/** Shares of the MACs to remove. */
export const SHARES: readonly number[] = [0.3, 0.5];

export interface Strategy {
  readonly name: string;
  readonly allocation: string;
  readonly criterion: string;
}

export const STRATEGIES: readonly Strategy[] = [
  { name: 'cie', allocation: 'cie', criterion: CRITERION },
  { name: 'cie-proportional', allocation: 'cie-proportional', criterion: CRITERION },
  { name: 'uniform', allocation: 'uniform', criterion: CRITERION },
  { name: 'global', allocation: 'global', criterion: CRITERION },
  { name: 'random', allocation: 'uniform', criterion: 'random' },
];

/** Whose structure is outlined in the heat map. */
export const OUTLINED = { strategy: 'cie', share: 0.5 } as const;

export const NOTE =
  "CIE here is our reconstruction of cross-layer importance evaluation (Lian, Peng, Jiang, Xu, Neural Networks 179, 2024): its abstract fixes grid sampling, contribution matrices and a binary search, the formulas and the rest are ours. Fine-tuning here is very short, so these are not the paper's numbers.";
