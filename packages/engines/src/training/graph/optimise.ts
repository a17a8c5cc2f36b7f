import type { FileNode } from '@espalier/formats';
import { BLOCKED_DOMAIN } from './domains.ts';

/**
 * Sums and ReLUs after a blocked convolution become part of it (a BatchNorm's affine function is one, too):
 * they cost no pass over memory of their own there. Only where nothing else reads what is in between.
 */
export function fuse(nodes: readonly FileNode[]): FileNode[] {
  const readers = new Map<string, number>();
  for (const name of nodes.flatMap(({ inputs }) => inputs)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const convolutions = new Map<string, FileNode>();
  const position = new Map<string, number>();
  const fused: (FileNode | undefined)[] = [];

  const place = (node: FileNode) => {
    for (const name of node.outputs) position.set(name, fused.length);
    if (node.domain === BLOCKED_DOMAIN && node.op === 'Conv') convolutions.set(node.outputs[0] ?? '', node);
    fused.push(node);
  };
  /** The convolution moves behind, to where its new input is known. */
  const replace = (conv: FileNode, by: FileNode) => {
    const old = conv.outputs[0] ?? '';
    fused[position.get(old) ?? -1] = undefined;
    convolutions.delete(old);
    place(by);
  };
  const free = (name: string) => {
    const conv = convolutions.get(name);
    return conv && readers.get(name) === 1 && conv.attributes.activation === undefined ? conv : undefined;
  };

  for (const node of nodes) {
    const [a = '', b = ''] = node.inputs;
    if (node.op === 'Relu') {
      const conv = free(a);
      if (conv) {
        const attributes = { ...conv.attributes, activation: 'Relu' };
        replace(conv, { ...conv, outputs: node.outputs, attributes });
        continue;
      }
    }
    if (node.op === 'Add') {
      // The later of two convolutions takes the sum; the earlier one's result is its input.
      const [conv, other] = free(b) ? [free(b), a] : [free(a), b];
      const summable = conv && conv.inputs.length >= 3 && !conv.inputs[3] && conv.inputs[2];
      if (conv && summable && a !== b && blockedValue(other, nodes)) {
        const inputs = [...conv.inputs.slice(0, 3), other];
        replace(conv, { ...conv, inputs, outputs: node.outputs });
        continue;
      }
    }
    place(node);
  }
  return fused.filter((node) => node !== undefined);
}

/** A sum of a blocked and another value has two blocked operands, unless the other is a number. */
function blockedValue(name: string, nodes: readonly FileNode[]): boolean {
  return nodes.some(({ outputs }) => outputs.includes(name));
}
