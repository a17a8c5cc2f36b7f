import { createHash } from 'node:crypto';
import { type AnyMetric, TOP1, unpackFlags } from '@espalier/engines';
import { Field, Float, InputType, Int } from 'type-graphql';
import { FieldError } from '../errors.ts';
import { checkedJudging, checkValue, QualityMetricInput } from './judged.ts';

@InputType('EvaluatorInput', {
  description:
    'The external program that evaluated a network. Equal evaluators prepare equal images in the same way.',
})
class EvaluatorInput {
  @Field(() => String, { description: 'The tool: "pytorch".' })
  tool!: string;

  @Field(() => String, {
    description: 'How images became inputs, in any words or as a hash. Give the same text for the same way.',
  })
  preprocessing!: string;
}

@InputType('EvaluationInput', { description: 'An evaluation of a network on the whole test split.' })
export class EvaluationInput {
  @Field(() => EvaluatorInput)
  evaluator!: EvaluatorInput;

  @Field(() => QualityMetricInput, {
    nullable: true,
    description: 'The metric of `value`. Null: the metric of the run, or top1 if it has none.',
  })
  qualityMetric?: QualityMetricInput | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Value in the metric; leave it out if `top1`, `top5` or `loss` gives it.',
  })
  value?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the images, 0 to 1. Required for metrics that need labels.',
  })
  top1?: number | null;

  @Field(() => Float, { nullable: true, description: 'A share of the images, 0 to 1.' })
  top5?: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean cross-entropy, nats.' })
  loss?: number | null;

  @Field(() => Int)
  images!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Which images are classified right: one bit for each image, the first one in the lowest bit of the first byte; base64.',
  })
  hits?: string | null;
}

/** As a row of a result has it, and those of a base have its parts. */
export interface Evaluation {
  /** The evaluator, where the platform's own have their engine. */
  readonly engine: string;
  /** By no rules of ours. */
  readonly decoding: 0;
  readonly value: number;
  readonly top1: number | null;
  readonly top5: number | null;
  readonly loss: number | null;
  readonly images: number;
  readonly hits: Uint8Array<ArrayBuffer> | null;
}

const LONGEST_TOOL = 100;
const HASH_LETTERS = 12;

/**
 * @param judged by what the run is judged; null if there is none, and the evaluation says it
 * @throws {FieldError} under `evaluation` for what no test split of so many images can say
 */
export function checkedEvaluation(
  input: EvaluationInput,
  images: number | undefined,
  judged: AnyMetric | null,
): { readonly metric: AnyMetric; readonly evaluation: Evaluation } {
  const { evaluator, hits: sent = null, top5 = null, top1 = null, loss = null } = input;
  const refuse = (field: string, message: string) => new FieldError(message, `evaluation.${field}`);
  const tool = evaluator.tool.trim();
  if (tool === '' || tool.length > LONGEST_TOOL) throw refuse('evaluator.tool', 'name the tool');
  if (evaluator.preprocessing.trim() === '') {
    throw refuse('evaluator.preprocessing', 'say how images became inputs');
  }
  const metric = metricOf(input, judged);
  for (const [field, value] of Object.entries({ top1, top5 })) {
    if (value !== null && !(value >= 0 && value <= 1)) {
      throw refuse(field, `a share of the images is 0 to 1, not ${value}`);
    }
  }
  if (top5 !== null && top1 !== null && top5 < top1) throw refuse('top5', `it is at least top-1, ${top1}`);
  if (loss !== null && loss < 0) throw refuse('loss', 'a cross-entropy is not below 0');
  if (input.images < 1 || (images !== undefined && input.images !== images)) {
    throw refuse('images', `the test split has ${images ?? 'some'} images, not ${input.images}`);
  }
  const value = worthOf(metric, { value: input.value ?? null, top1, top5, loss });
  const hash = createHash('sha256').update(evaluator.preprocessing).digest('hex').slice(0, HASH_LETTERS);
  if (sent !== null && top1 === null) throw refuse('top1', 'give the share of images that `hits` has');
  const evaluation = {
    ...{ engine: `${tool} ${hash}`, decoding: 0 as const, value, top1, top5, loss, images: input.images },
    hits: sent === null || top1 === null ? null : checkedHits(sent, { top1, images: input.images }, refuse),
  };
  return { metric, evaluation };
}

/** @throws {FieldError} where the evaluation says another one than the run is judged by */
function metricOf({ qualityMetric }: EvaluationInput, judged: AnyMetric | null): AnyMetric {
  if (!qualityMetric) return judged ?? TOP1;
  const field = 'evaluation.qualityMetric';
  const metric = checkedJudging(qualityMetric, field);
  if (judged === null || judged.name === metric.name) return metric;
  throw new FieldError(`the metric of the run is ${judged.name}, not ${metric.name}`, field);
}

/** By labels from the scores themselves, of which top-1 is wanted always: others are compared by it, too. */
function worthOf(
  metric: AnyMetric,
  { value, ...scores }: Readonly<Record<'value' | 'top1' | 'top5' | 'loss', number | null>>,
): number {
  const byLabels = metric.name === 'top1' || metric.name === 'top5' || metric.name === 'loss';
  if (byLabels) {
    for (const field of new Set(['top1', metric.name] as const)) {
      if (scores[field as keyof typeof scores] === null) {
        throw new FieldError(`give it: the metric is ${metric.label}`, `evaluation.${field}`);
      }
    }
  }
  const found = byLabels ? scores[metric.name as keyof typeof scores] : value;
  if (found === null) {
    throw new FieldError(`give it: the metric is ${metric.label}`, 'evaluation.value');
  }
  if (value !== null && value !== found) {
    throw new FieldError(`${metric.label} is ${found}, not ${value}`, 'evaluation.value');
  }
  checkValue(metric, found, 'evaluation.value');
  return found;
}

function checkedHits(
  sent: string,
  { top1, images }: { readonly top1: number; readonly images: number },
  refuse: (field: string, message: string) => FieldError,
): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(sent, 'base64');
  const wanted = Math.ceil(images / 8);
  if (bytes.length !== wanted || bytes.toString('base64') !== sent) {
    throw refuse('hits', `${images} images are ${wanted} bytes in base64, one bit each`);
  }
  const right = unpackFlags(bytes, images).reduce((sum, hit) => sum + hit, 0);
  if (Math.abs(right / images - top1) > 1e-6) {
    throw refuse('hits', `${right} of ${images} images are right by them, and top-1 is ${top1}`);
  }
  return Uint8Array.from(bytes);
}

/** For a key: of bits their hash. The value by top-1 is that alone, as keys of before there was a choice have it. */
export function evaluationContent(metric: AnyMetric, { hits, value, ...told }: Evaluation) {
  const bits = hits && createHash('sha256').update(hits).digest('hex');
  return { ...told, hits: bits, ...(metric.name === TOP1.name ? {} : { metric: metric.name, value }) };
}
