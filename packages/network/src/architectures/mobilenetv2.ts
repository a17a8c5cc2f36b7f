import type { Architecture } from './architecture.ts';
import type { ArchitectureBuilder } from './builder.ts';

/** Pixels from which an image is large: five times halved, 3 are left. */
const LARGE = 96;

/** Expansion, channels, blocks, stride of the first block; the stride of the second stage is 2 for large images. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 1],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018,
 * table 2; for images below 96 pixels, as usual for CIFAR, with stride 1 in the first convolution and in the second
 * stage.
 */
export const mobilenetv2: Architecture = {
  name: 'mobilenetv2',
  smallest: 8,
  features(b) {
    const large = Math.min(...b.extents('input')) >= LARGE ? 2 : 1;
    let x = b.relu6(b.batchNorm(b.conv('input', 'conv1', 32, { stride: large }), 'bn1'), 'relu1');
    let block = 0;
    for (const [stage, [expansion, out, blocks, usual]] of stages.entries()) {
      const stride = stage === 1 ? large : usual;
      for (let i = 0; i < blocks; i++) {
        x = invertedResidual(b, x, `layers.${block++}`, { expansion, out, stride: i === 0 ? stride : 1 });
      }
    }
    return b.relu6(b.batchNorm(b.conv(x, 'conv2', 1280, { kernel: 1 }), 'bn2'), 'relu2');
  },
};

interface InvertedResidual {
  readonly expansion: number;
  readonly out: number;
  readonly stride: number;
}

/** Expanding 1x1 convolution (unless the expansion is 1), depthwise convolution, linear 1x1 convolution. */
function invertedResidual(
  b: ArchitectureBuilder,
  x: string,
  name: string,
  { expansion, out, stride }: InvertedResidual,
): string {
  const wide = expansion * b.channels(x);
  let y = x;
  if (expansion > 1) {
    const expanded = b.conv(x, `${name}.conv1`, wide, { kernel: 1 });
    y = b.relu6(b.batchNorm(expanded, `${name}.bn1`), `${name}.relu1`);
  }
  const filtered = b.conv(y, `${name}.conv2`, wide, { stride, group: wide });
  y = b.relu6(b.batchNorm(filtered, `${name}.bn2`), `${name}.relu2`);
  const projected = b.batchNorm(b.conv(y, `${name}.conv3`, out, { kernel: 1 }), `${name}.bn3`);
  return stride === 1 && out === b.channels(x) ? b.add(projected, x, `${name}.add`) : projected;
}
