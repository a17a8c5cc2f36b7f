import type * as OnnxRuntime from 'onnxruntime-node';
import { GraphBuilder } from './builder.ts';
import { BLOCKED_DOMAIN } from './domains.ts';

let probed: Promise<number> | undefined;

/**
 * Channels a block of the runtime's blocked layout on this processor (16 with AVX-512, 8 with AVX2); 0 where
 * it has none. It is found by reordering an image and looking at its shape, since the runtime does not say.
 */
export function blockSize(ort: typeof OnnxRuntime): Promise<number> {
  probed ??= probe(ort);
  return probed;
}

async function probe(ort: typeof OnnxRuntime): Promise<number> {
  const g = new GraphBuilder({ block: 1 });
  const x = g.input('x', [1, 4, 1, 1]);
  g.output('y', g.node('ReorderInput', [x], [1, 4, 1, 1], {}, { domain: BLOCKED_DOMAIN }), ['n', 'c', 1, 1]);
  try {
    const session = await ort.InferenceSession.create(g.encode('block size'), { logSeverityLevel: 4 });
    const { y } = await session.run({ x: new ort.Tensor('float32', new Float32Array(4), [1, 4, 1, 1]) });
    await session.release();
    const block = y?.dims[1] ?? 0;
    return block > 1 ? block : 0;
  } catch {
    return 0;
  }
}
