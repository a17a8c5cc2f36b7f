import { WithoutRule } from '../file-node.ts';
import { transposed } from '../folding/layout.ts';
import { requiredInput } from '../operands.ts';
import { givenInputs, type NormalForm } from './form.ts';

const gemm: NormalForm = (node, walk) => {
  const { attributes } = node;
  requiredInput(node, 1);
  let [x = '', ...others] = givenInputs(node);
  if (attributes.int('transA', 0)) {
    const constant = walk.constant(x);
    if (!constant) {
      throw new WithoutRule('its images are along the other axis (transA)');
    }
    x = walk.derived(`${x}_transposed`, transposed(constant[0], [1, 0]));
  }
  walk.emit(node, {
    inputs: [x, ...others],
    attributes: {
      transB: attributes.int('transB', 0),
      alpha: attributes.float('alpha', 1),
      beta: attributes.float('beta', 1),
    },
  });
};

export const denseForms: Readonly<Record<string, NormalForm>> = { Gemm: gemm };
