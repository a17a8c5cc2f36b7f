import type { Architecture } from './architecture.ts';
import type { ArchitectureBuilder } from './builder.ts';

/**
 * He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2015, section 4.2 (CIFAR-10): 6n + 2
 * layers. Where the shape changes the shortcut is a 1x1 convolution with BatchNorm (option B of the paper);
 * elsewhere it is free.
 */
function resnet(blocks: number): Architecture {
  return {
    name: `resnet${6 * blocks + 2}`,
    smallest: 4,
    features(b) {
      let x = b.relu(b.batchNorm(b.conv('input', 'conv1', 16), 'bn1'), 'relu');
      for (const [stage, channels] of [16, 32, 64].entries()) {
        for (let i = 0; i < blocks; i++) {
          x = basicBlock(b, x, `layer${stage + 1}.${i}`, channels, stage > 0 && i === 0 ? 2 : 1);
        }
      }
      return x;
    },
  };
}

function basicBlock(b: ArchitectureBuilder, x: string, name: string, out: number, stride: number): string {
  const inner = b.conv(x, `${name}.conv1`, out, { stride });
  const active = b.relu(b.batchNorm(inner, `${name}.bn1`), `${name}.relu1`);
  const residual = b.batchNorm(b.conv(active, `${name}.conv2`, out), `${name}.bn2`);
  const shortcut =
    stride === 1
      ? x
      : b.batchNorm(b.conv(x, `${name}.downsample.0`, out, { kernel: 1, stride }), `${name}.downsample.1`);
  return b.relu(b.add(residual, shortcut, `${name}.add`), `${name}.relu2`);
}

export const resnet20 = resnet(3);
export const resnet56 = resnet(9);
