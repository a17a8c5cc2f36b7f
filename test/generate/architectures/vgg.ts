import type { Network } from '@espalier/network';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type ArchitectureOptions, scaler } from './options.ts';

/** Simonyan, Zisserman, "Very deep convolutional networks", ICLR 2015: configuration D for CIFAR, with BatchNorm and one dense layer. */
export function vgg16Cifar({ size = 32, classes = 10, width, seed }: ArchitectureOptions = {}): Network {
  const b = new NetworkBuilder('vgg16-cifar', seed);
  let x = b.input([3, size, size]);
  for (const stage of [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ]) {
    for (const channels of stage.map(scaler(width))) x = b.convBnRelu(x, channels);
    x = b.pool('MaxPool', x, 2, 2);
  }
  return b.build(b.gemm(b.flatten(x), classes, { name: 'head' }));
}
