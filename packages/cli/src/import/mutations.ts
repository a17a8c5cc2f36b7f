import { graphql } from '@espalier/client';

// The protocol of imported results (docs/guide/imports.md), which the Python client speaks, too.

export const recordRun = graphql(`
  mutation RecordRun($input: RecordRunInput!) {
    payload: recordRun(input: $input) { ok errors { message path } made: isNew run { id state } }
  }
`);

export const recordEpochs = graphql(`
  mutation RecordEpochs($input: RecordEpochsInput!) {
    payload: recordEpochs(input: $input) { ok errors { message path } made: run { id } }
  }
`);

export const recordEvaluation = graphql(`
  mutation RecordEvaluation($input: RecordEvaluationInput!) {
    payload: recordEvaluation(input: $input) { ok errors { message path } made: model { id } }
  }
`);

export const finishRun = graphql(`
  mutation FinishRun($input: FinishRunInput!) {
    payload: finishRun(input: $input) { ok errors { message path } made: run { id state } }
  }
`);

export const removeImport = graphql(`
  mutation RemoveImport($input: RemoveImportInput!) {
    payload: removeImport(input: $input) { ok errors { message path } made: removedImport { import runs evaluations } }
  }
`);

export const createSampling = graphql(`
  mutation CreateSampling($input: CreateSamplingInput!) {
    payload: createSampling(input: $input) { ok errors { message path } made: samplingRun { id } }
  }
`);

export const putSamplePoints = graphql(`
  mutation PutSamplePoints($input: PutSamplePointsInput!) {
    payload: putSamplePoints(input: $input) { ok errors { message path } made: samplingRun { id } }
  }
`);

export const finishSampling = graphql(`
  mutation FinishSampling($input: FinishSamplingInput!) {
    payload: finishSampling(input: $input) { ok errors { message path } made: samplingRun { id } }
  }
`);
