import type { AttributeProto, GraphProto } from '../generated/onnx_pb.ts';

/** The values that a node's subgraphs read of what is around them, each once. */
export function capturedValues(attributes: readonly AttributeProto[]): string[] {
  return [...new Set(attributes.flatMap(graphsOf).flatMap(freeValues))];
}

function graphsOf({ g, graphs }: AttributeProto): GraphProto[] {
  return g ? [g, ...graphs] : graphs;
}

function freeValues(graph: GraphProto): string[] {
  const own = ownValues(graph);
  const reads = [
    ...graph.node.flatMap(({ input, attribute }) => [...input, ...capturedValues(attribute)]),
    ...graph.output.map(({ name = '' }) => name),
  ];
  return reads.filter((value) => value !== '' && !own.has(value));
}

function ownValues({ input, initializer, node }: GraphProto): Set<string> {
  return new Set([
    ...[...input, ...initializer].map(({ name = '' }) => name),
    ...node.flatMap(({ output }) => output),
  ]);
}

/** Gives captured values other names, in the graphs themselves. */
export function renameCaptured(
  attributes: readonly AttributeProto[],
  names: ReadonlyMap<string, string>,
): void {
  for (const graph of attributes.flatMap(graphsOf)) {
    const own = ownValues(graph);
    const outside = new Map([...names].filter(([name]) => !own.has(name)));
    for (const node of graph.node) {
      node.input = node.input.map((value) => outside.get(value) ?? value);
      renameCaptured(node.attribute, outside);
    }
    for (const output of graph.output) output.name = outside.get(output.name ?? '') ?? output.name ?? '';
  }
}
