import { expect, it } from 'vitest';
import { publishedFilter, publishedParams, readPublishedView } from './view.ts';

it('is all in the address, both ways', () => {
  for (const address of ['', 'q=chip', 'architecture=ResNet-56&dataset=CIFAR-10', 'q=x&dataset=ImageNet']) {
    const view = readPublishedView(Object.fromEntries(new URLSearchParams(address)));
    expect(publishedParams(view).toString()).toBe(address);
  }
});

it('asks for what is chosen, and for everything without', () => {
  expect(publishedFilter(readPublishedView({}))).toEqual({});
  expect(publishedFilter(readPublishedView({ architecture: 'ResNet-56', q: 'chip' }))).toEqual({
    ...{ architecture: { in: ['ResNet-56'] }, text: 'chip' },
  });
});
