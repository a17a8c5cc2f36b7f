import { axesForms } from './axes.ts';
import { denseForms } from './dense.ts';
import type { NormalForm } from './form.ts';
import { layoutForms } from './layout.ts';
import { normalizationForms } from './normalization.ts';
import { pickingForms } from './picking.ts';
import { pointwiseForms } from './pointwise.ts';
import { tensorflowForms } from './tensorflow.ts';
import { windowForms } from './windows.ts';

/** How each operation of a file is brought into the network's form. */
export const normalForms: ReadonlyMap<string, NormalForm> = new Map(
  Object.entries({
    ...axesForms,
    ...denseForms,
    ...layoutForms,
    ...normalizationForms,
    ...pickingForms,
    ...pointwiseForms,
    ...tensorflowForms,
    ...windowForms,
  }),
);
