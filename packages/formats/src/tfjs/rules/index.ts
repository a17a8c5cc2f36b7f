import type { Rule } from '../translation.ts';
import { controlRules } from './control.ts';
import { elementwiseRules } from './elementwise.ts';
import { layoutRules } from './layout.ts';
import { pickingRules } from './picking.ts';
import { windowRules } from './windows.ts';

/** How each operation of TensorFlow is said in ONNX; the others are refused once something depends on them. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({ ...controlRules, ...elementwiseRules, ...layoutRules, ...pickingRules, ...windowRules }),
);
