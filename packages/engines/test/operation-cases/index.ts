import { elementwiseCases } from './elementwise.ts';
import { layoutCases } from './layouts.ts';
import type { OperationCase } from './operation-case.ts';
import { reductionCases } from './reductions.ts';
import { windowCases } from './windows.ts';

/** Every operation that Espalier supports, with each setting of its attributes that may go wrong by itself. */
export const operationCases: readonly OperationCase[] = [
  ...windowCases,
  ...reductionCases,
  ...elementwiseCases,
  ...layoutCases,
];
