import { describe, expect, it, test } from 'vitest';
import { architectureOf, plainName } from './match.ts';

const KNOWN = ['ResNet-50', 'ResNet-56', 'VGG-16-BN', 'VGG-19', 'VGG-19-BN', 'DenseNet-40'];
const of = (name: string, ...tags: string[]) => architectureOf({ name, tags }, KNOWN);

describe('the architecture of a model', () => {
  test.each([
    ['resnet56-cifar10', 'ResNet-56'],
    ['My ResNet_56, second try', 'ResNet-56'],
    ['vgg19', 'VGG-19'],
    ['vgg-19-bn', 'VGG-19-BN'],
    ['VGG19BN trained long', 'VGG-19-BN'],
  ])('is said by the name "%s"', (name, architecture) => {
    expect(of(name)).toBe(architecture);
  });

  test.each(['seresnet56', 'resnet-560', 'resnet', 'vgg16', 'net', ''])(
    'is not guessed from "%s"',
    (name) => {
      expect(of(name)).toBe(null);
    },
  );

  it('is said by tags before the name', () => {
    expect(of('resnet56', 'paper', 'densenet40')).toBe('DenseNet-40');
  });
});

it('compares names however they are written', () => {
  expect(plainName('CIFAR-10')).toBe(plainName('cifar10'));
  expect(plainName('CIFAR-10')).not.toBe(plainName('CIFAR-100'));
});
