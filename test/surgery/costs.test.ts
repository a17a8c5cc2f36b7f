import { layerCosts, networkCost } from '@espalier/network';
import { describe, expect, test } from 'vitest';
import { architectures } from '../generate/architectures.ts';

function build(name: string) {
  const network = architectures[name]?.();
  if (!network) throw new Error(`there is no architecture "${name}"`);
  return network;
}

describe('costs that the literature and other frameworks agree on', () => {
  // Params, MACs of convolutions, MACs of all layers.
  test.each([
    ['resnet20-cifar', 272_474, 40_812_544, 40_813_184],
    ['resnet56-cifar', 853_018, 125_485_056, 125_485_696],
    ['resnet110-cifar', 1_727_962, 252_887_040, 252_887_680],
    ['vgg16-cifar', 14_724_042, 313_196_544, 313_201_664],
    ['resnet50', 25_557_032, 4_087_136_256, 4_089_184_256],
    ['resnext50', 25_028_904, 4_228_431_872, 4_230_479_872],
    ['regnet-y', 4_344_144, 401_402_848, 401_842_848],
    ['mobilenet-v2', 3_504_872, 299_494_272, 300_774_272],
    ['mobilenet-v3-small', 2_542_856, 54_896_576, 56_510_400],
    ['mobilenet-v3-large', 5_483_032, 214_080_960, 216_589_760],
    ['efficientnet-b0', 5_288_548, 384_534_752, 385_814_752],
    ['densenet121', 7_978_856, 2_833_137_664, 2_834_161_664],
    ['squeezenet', 1_235_496, 349_151_936, 349_151_936],
    ['googlenet', 6_624_904, 1_497_352_192, 1_498_376_192],
    ['shufflenet-v2', 2_278_604, 143_883_992, 144_907_992],
    ['convnext-tiny', 28_589_128, 292_965_120, 4_455_531_264],
  ])('%s', (name, params, convolutions, macs) => {
    const network = build(name);
    const layers = layerCosts(network).filter(({ op }) => op === 'Conv');
    expect(layers.reduce((sum, layer) => sum + layer.macs, 0)).toBe(convolutions);
    expect(networkCost(network)).toEqual({ params, macs });
  });
});
