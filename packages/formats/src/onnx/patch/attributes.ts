import { create } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, AttributeProtoSchema, type NodeProto } from '../generated/onnx_pb.ts';

const { INT, INTS } = AttributeProto_AttributeType;

export function hasAttribute({ attribute }: NodeProto, name: string): boolean {
  return attribute.some((each) => each.name === name);
}

export function setInt(node: NodeProto, name: string, value: number): void {
  set(node, name, { type: INT, i: BigInt(value) });
}

/** Changes numbers of a list by their place. */
export function setInts(node: NodeProto, name: string, changes: ReadonlyMap<number, number>): void {
  const own = node.attribute.find((each) => each.name === name)?.ints ?? [];
  set(node, name, { type: INTS, ints: own.map((value, at) => BigInt(changes.get(at) ?? value)) });
}

export function setIntList(node: NodeProto, name: string, values: readonly number[]): void {
  set(node, name, { type: INTS, ints: values.map(BigInt) });
}

type Value =
  | { readonly type: typeof INT; readonly i: bigint }
  | { readonly type: typeof INTS; readonly ints: bigint[] };

function set(node: NodeProto, name: string, value: Value): void {
  const own = node.attribute.find((each) => each.name === name);
  if (own) Object.assign(own, value);
  else node.attribute.push(create(AttributeProtoSchema, { name, ...value }));
}
