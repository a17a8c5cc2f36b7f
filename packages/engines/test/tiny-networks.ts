import type { Network, NetworkMetadata } from '@espalier/network';
import { NetworkBuilder } from '../../network/test/builder.ts';

/** Convolutions with a shortcut for images of 6x6, ten classes. */
export function tinyResNet({ classes = 10, channels = 3, seed = 1, softmax = false } = {}): Network {
  const b = new NetworkBuilder('tiny-resnet', seed);
  const x = b.convBnRelu(b.input([channels, 6, 6]), 8);
  const y = b.batchNorm(b.conv(b.convBnRelu(x, 8, { stride: 1 }), 8));
  const logits = b.head(b.relu(b.add(x, y)), classes);
  return b.build(softmax ? b.op('Softmax', [logits], { axis: 1 }) : logits);
}

export function tinyMetadata(changes: Partial<NetworkMetadata> = {}): NetworkMetadata {
  return {
    input: {
      layout: 'NCHW',
      channels: 'RGB',
      size: [6, 6],
      scale: 1 / 255,
      mean: [0.5, 0.4, 0.3],
      std: [0.2, 0.3, 0.4],
    },
    output: 'logits',
    ...changes,
  };
}
