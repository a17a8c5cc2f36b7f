import { createHash } from 'node:crypto';
import { unpackFlags } from '@espalier/engines';
import { Field, Float, InputType, Int } from 'type-graphql';
import { FieldError } from '../errors.ts';

@InputType('EvaluatorInput', {
  description: 'By what a network was judged elsewhere: equal ones see equal images in one way.',
})
class EvaluatorInput {
  @Field(() => String, { description: 'The tool: "pytorch".' })
  tool!: string;

  @Field(() => String, {
    description:
      'How images became inputs, in any words or as a hash: the same for what was judged in the same way.',
  })
  preprocessing!: string;
}

@InputType('EvaluationInput', { description: 'Of a network, on the whole test split.' })
export class EvaluationInput {
  @Field(() => EvaluatorInput)
  evaluator!: EvaluatorInput;

  @Field(() => Float, { description: 'A share of the images, 0 to 1.' })
  top1!: number;

  @Field(() => Float, { nullable: true, description: 'A share of the images, 0 to 1.' })
  top5?: number | null;

  @Field(() => Float, { description: 'Mean cross-entropy, nats.' })
  loss!: number;

  @Field(() => Int)
  images!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Which images are right: a bit each, the first one in the lowest bit of the first byte; base64.',
  })
  hits?: string | null;
}

/** As a row of a result or of a base has it. */
interface Evaluation {
  /** The evaluator, where the platform's own have their engine. */
  readonly engine: string;
  /** By no rules of ours. */
  readonly decoding: 0;
  readonly top1: number;
  readonly top5: number | null;
  readonly loss: number;
  readonly images: number;
  readonly hits: Uint8Array<ArrayBuffer> | null;
}

const LONGEST_TOOL = 100;
const HASH_LETTERS = 12;

/** @throws {FieldError} under `evaluation` for what no test split of so many images can say */
export function checkedEvaluation(
  { evaluator, hits: sent = null, top5 = null, ...scores }: EvaluationInput,
  images: number | undefined,
): Evaluation {
  const refuse = (field: string, message: string) => new FieldError(message, `evaluation.${field}`);
  const tool = evaluator.tool.trim();
  if (tool === '' || tool.length > LONGEST_TOOL) throw refuse('evaluator.tool', 'name the tool');
  if (evaluator.preprocessing.trim() === '') {
    throw refuse('evaluator.preprocessing', 'say how images became inputs');
  }
  const { top1, loss } = scores;
  for (const [field, value] of Object.entries({ top1, top5 })) {
    if (value !== null && !(value >= 0 && value <= 1)) {
      throw refuse(field, `a share of the images is 0 to 1, not ${value}`);
    }
  }
  if (top5 !== null && top5 < top1) throw refuse('top5', `it is at least top-1, ${top1}`);
  if (loss < 0) throw refuse('loss', 'a cross-entropy is not below 0');
  if (scores.images < 1 || (images !== undefined && scores.images !== images)) {
    throw refuse('images', `the test split has ${images ?? 'some'} images, not ${scores.images}`);
  }
  const hash = createHash('sha256').update(evaluator.preprocessing).digest('hex').slice(0, HASH_LETTERS);
  return {
    ...{ engine: `${tool} ${hash}`, decoding: 0, top1, top5, loss, images: scores.images },
    hits: sent === null ? null : checkedHits(sent, scores, refuse),
  };
}

function checkedHits(
  sent: string,
  { top1, images }: Pick<EvaluationInput, 'top1' | 'images'>,
  refuse: (field: string, message: string) => FieldError,
): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(sent, 'base64');
  const wanted = Math.ceil(images / 8);
  if (bytes.length !== wanted || bytes.toString('base64') !== sent) {
    throw refuse('hits', `${images} images are ${wanted} bytes in base64, a bit each`);
  }
  const right = unpackFlags(bytes, images).reduce((sum, hit) => sum + hit, 0);
  if (Math.abs(right / images - top1) > 1e-6) {
    throw refuse('hits', `${right} of ${images} images are right by them, and top-1 is ${top1}`);
  }
  return Uint8Array.from(bytes);
}

/** For a key: of bits their hash. */
export function evaluationContent({ hits, ...told }: Evaluation) {
  return { ...told, hits: hits && createHash('sha256').update(hits).digest('hex') };
}
