import type { Network } from '@espalier/network';
import { denseNet121, googLeNet, squeezeNet } from './architectures/concatenating.ts';
import { convNeXtTiny } from './architectures/convnext.ts';
import { efficientNetB0, mobileNetV2, mobileNetV3 } from './architectures/mobile.ts';
import type { ArchitectureOptions } from './architectures/options.ts';
import { regNetY, resNet50, resNetCifar } from './architectures/resnet.ts';
import { shuffleNetV1, shuffleNetV2 } from './architectures/shuffling.ts';
import { vgg16Cifar } from './architectures/vgg.ts';

/** Networks of the literature with random weights, by name, built in memory. */
export const architectures: Readonly<Record<string, (options?: ArchitectureOptions) => Network>> = {
  'resnet20-cifar': (options) => resNetCifar(20, 'projection', options),
  'resnet32-cifar': (options) => resNetCifar(32, 'free', options),
  'resnet56-cifar': (options) => resNetCifar(56, 'free', options),
  'resnet110-cifar': (options) => resNetCifar(110, 'free', options),
  'vgg16-cifar': vgg16Cifar,
  resnet50: resNet50,
  resnext50: (options) => resNet50({ ...options, cardinality: 32, groupWidth: 4 }),
  'regnet-y': regNetY,
  'mobilenet-v2': mobileNetV2,
  'mobilenet-v3-small': (options) => mobileNetV3('small', options),
  'mobilenet-v3-large': (options) => mobileNetV3('large', options),
  'efficientnet-b0': efficientNetB0,
  densenet121: denseNet121,
  squeezenet: squeezeNet,
  googlenet: googLeNet,
  'shufflenet-v1': shuffleNetV1,
  'shufflenet-v2': shuffleNetV2,
  'convnext-tiny': convNeXtTiny,
};
