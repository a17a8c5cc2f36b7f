import { create, toBinary } from '@bufbuild/protobuf';
import { firstLineOf, InputError } from '@espalier/errors';
import { DATA_TYPES, type DataType, type Shape, type Tensor } from '@espalier/network';
import { encodeTensor, valueInfo } from '../encode-value.ts';
import { ModelProtoSchema, type NodeProto, type ValueInfoProto } from '../generated/onnx_pb.ts';

/** What a node reads. */
export interface Given {
  readonly name: string;
  readonly type: DataType;
  /** Null: not even how many axes it has. An extent of 0 is not known. */
  readonly shape: Shape | null;
  /** Its values, where they are known: shapes and settings decide what comes out. */
  readonly constant?: Tensor;
}

/** What a node computes; an extent of 0 is decided by the data, a shape of null by nobody who could be asked. */
export interface Answer {
  readonly type: DataType;
  readonly shape: Shape | null;
}

/** Larger constants are weights, of which the shape is enough. */
const MOST_VALUES = 4096;

/**
 * Types and shapes of what a node computes, by ONNX Runtime, which is given a graph of this node alone. Nothing is run.
 *
 * @param versions the operation sets of the file, by domain
 * @throws {InputError} with the runtime's reason where it has no such operation
 */
export async function askRuntime(
  node: NodeProto,
  given: readonly Given[],
  versions: ReadonlyMap<string, number>,
): Promise<Answer[]> {
  const { InferenceSession } = await runtime();
  const constants = given.flatMap(({ name, constant }) =>
    constant && constant.data.length <= MOST_VALUES ? [[name, constant] as const] : [],
  );
  const isConstant = new Set(constants.map(([name]) => name));
  const outputs = node.output.filter((name) => name !== '');
  // Of a value of no known rank the runtime says the same as of a single number; its rank tells them apart.
  const ranks = outputs.map((name) => `${name}/rank`);
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [...versions].map(([domain, version]) => ({ domain, version: BigInt(version) })),
    graph: {
      name: 'node',
      node: [
        node,
        ...outputs.map((name, i) => ({
          name: `rank ${i}`,
          opType: 'Shape',
          input: [name],
          output: [`${name}/rank`],
        })),
      ],
      initializer: constants.map(([name, tensor]) => encodeTensor(name, tensor)),
      input: given
        .filter(({ name }) => !isConstant.has(name))
        .map(({ name, type, shape }) => valueInfo({ name, type, shape: shape?.map(openExtent) ?? null })),
      output: [...outputs, ...ranks].map((name): Pick<ValueInfoProto, 'name'> => ({ name })),
    },
  });
  try {
    const session = await InferenceSession.create(toBinary(ModelProtoSchema, model), {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    const told = session.outputMetadata;
    await session.release();
    return outputs.map((_, i) => answer(told[i], told[outputs.length + i]));
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(firstLineOf(error));
  }
}

type Told = {
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
};

function answer(value: Told | undefined, rank: Told | undefined): Answer {
  const type = DATA_TYPES.find((name) => name === value?.type);
  if (!value?.isTensor || !type) {
    throw new InputError(`it computes ${value?.isTensor ? `numbers of type ${value.type}` : 'no tensor'}`);
  }
  const [axes] = rank?.shape ?? [];
  const known = typeof axes === 'number' && axes === value.shape?.length;
  return {
    type,
    shape: known ? (value.shape ?? []).map((extent) => (typeof extent === 'number' ? extent : 0)) : null,
  };
}

function openExtent(extent: number): number | undefined {
  return extent > 0 ? extent : undefined;
}

/** Loaded for a file that needs it. */
async function runtime(): Promise<typeof import('onnxruntime-node')> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw new InputError(`ONNX Runtime does not load: ${firstLineOf(error)}`);
  }
}
