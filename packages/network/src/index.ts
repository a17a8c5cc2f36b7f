export { type ArchitectureOptions, architectureNames, buildArchitecture } from './architectures/index.ts';
export { exposeStatistics, meanOf, varianceOf } from './batch-norm/expose-statistics.ts';
export { foldBatchNorm } from './batch-norm/fold.ts';
export { freezeBatchNorm } from './batch-norm/freeze.ts';
export { nameGiver } from './batch-norm/reads.ts';
export { type ChannelStatistics, unfoldable, unfoldBatchNorm } from './batch-norm/unfold.ts';
export { type Cost, type LayerCost, layerCosts, networkCost, parametersOf, weightUse } from './cost.ts';
export {
  COST_FACTS,
  COST_METRICS,
  type CostMetric,
  type Costs,
  isCostMetric,
  mapCosts,
} from './cost-metrics.ts';
export { withoutDenormals } from './denormals.ts';
export { fedWith, takesOneImage } from './feeding.ts';
export { branchUnits } from './groups/branches.ts';
export {
  type ChannelGroup,
  type ChannelMap,
  channelMap,
  type GroupOptions,
  prunableGroups,
} from './groups/index.ts';
export type { ChannelAxis } from './groups/trace.ts';
export { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './half-precision.ts';
export { networkHash, updateInPieces } from './hash.ts';
export { imageExtents, imageShape, inputLayout } from './image-input.ts';
export { initialise } from './initialise.ts';
export { type Mask, type MaskedNetwork, maskConsumers, maskValue } from './mask.ts';
export { peakActivationBytes } from './memory.ts';
export type { NetworkMetadata, Preprocessing } from './metadata.ts';
export {
  type Attributes,
  type AttributeValue,
  constantOf,
  inputOf,
  type Network,
  type NetworkInput,
  type Node,
  namedNode,
  type Opaque,
  outputOf,
  type Result,
  type Tail,
} from './network.ts';
export { FIXED, type Labels } from './operation.ts';
export { broadcast } from './ops/arithmetic.ts';
export type { ConvAttributes } from './ops/conv.ts';
export type { ConvTransposeAttributes } from './ops/conv-transpose.ts';
export type { BlockAttributes, DepthToSpaceAttributes } from './ops/depth-to-space.ts';
export { isElementwise } from './ops/elementwise.ts';
export type { GemmAttributes } from './ops/gemm.ts';
export { findOperation, operationOf, supportedOperations } from './ops/index.ts';
export { named } from './ops/opaque.ts';
export type { PadAttributes } from './ops/pad.ts';
export type { PoolAttributes } from './ops/pool.ts';
export type { ReduceAttributes } from './ops/reduce.ts';
export type { ResizeAttributes } from './ops/resize.ts';
export type { SliceAttributes } from './ops/slice.ts';
export { inferShapes, outputShapes, PROBE_BATCH } from './shapes.ts';
export { type GroupSlices, groupSlices, type UnitSlices } from './slices.ts';
export { asStored, storedBytes, withConstant } from './stored.ts';
export { type Ancestry, ancestry, fromNodes, reachable, subnetwork } from './subnetwork.ts';
export {
  type CutNetwork,
  cutNetwork,
  type KeptUnits,
  removedUnits,
  type TensorCut,
  tensorCuts,
} from './surgery.ts';
export { withoutTail, withTail } from './tail.ts';
export {
  DATA_TYPES,
  type DataType,
  type FloatTensor,
  floatTensor,
  type Shape,
  type StoredType,
  sizeOf,
  stridesOf,
  type Tensor,
  type TensorData,
  takeAlong,
  typeOf,
} from './tensor.ts';
export { valueTypes } from './types.ts';
export { countedPixels, reachedBehind } from './windows.ts';
export { type WithoutRule, withoutRule } from './without-rule.ts';
